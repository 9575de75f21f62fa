using Morgana.Tender.Hvt;

return HvtTender.Run(args, new StandardErrorWriter());

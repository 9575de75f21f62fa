using Morgana.Tender.Spt;

return SptTender.Run(args, new StandardErrorWriter());

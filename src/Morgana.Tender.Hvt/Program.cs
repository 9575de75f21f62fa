using Morgana.Tender.Hvt;
using Morgana.Tender.Linux;

return HvtTender.Run(args, new StandardErrorWriter());

using Morgana.Tender.Linux;
using Morgana.Tender.Spt;

return SptTender.Run(args, new StandardErrorWriter());

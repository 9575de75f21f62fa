# In the rig's Linux: sh run.sh TENDER RUNS. Rounds of every image in turn; milliseconds a run, of each round.
tender=$1
runs=$2
now() { read -r up _ </proc/uptime; echo "${up%.*}${up#*.}"; }
for image in smallest native hello; do ./"$tender" --mem=32 $image >/dev/null || exit 1; done
for round in 1 2 3 4 5; do
    line=
    for image in smallest native hello; do
        begin=$(now)
        i=0
        while [ $i -lt "$runs" ]; do
            ./"$tender" --mem=32 $image >/dev/null
            i=$((i + 1))
        done
        line="$line $image $((($(now) - begin) * 10000 / runs))"
    done
    echo "round $round:$line us"
done

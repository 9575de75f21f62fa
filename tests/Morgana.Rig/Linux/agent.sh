#!/bin/busybox sh
# One connection to the agent, which says "ok": a line with a verb and the number of a job.
#   run N SIZE     SIZE bytes of tar follow, the job's folder with its .command; answers "ready", at the end "exit CODE"
#   out N, err N   what the job prints, until its end: each has to be read for the job to begin
#   kill N SIGNAL  sends the job, and all that it has started, a signal
export PATH=/bin HOME=/
exec 2>/dev/console
# busybox's nc lets one connection wait to be accepted: the host opens the next one when it has seen this.
echo ok
read -r verb number argument
folder=/jobs/$number
case $verb in
    run)
        mkdir -p $folder/files
        cd $folder || exit 1
        head -c "$argument" | tar -x -f - -C files
        mkfifo out err
        echo ready
        # A session of its own, so that one signal reaches all of it, and mounts of its own: every job has its folder at /job.
        setsid unshare -m sh -c "mount --bind $folder/files /job && cd /job && exec sh ./.command" </dev/null >out 2>err 9>&- &
        job=$!
        echo $job >pid
        wait $job
        code=$?
        kill -KILL -$job 2>/dev/null
        echo "exit $code"
        cd /
        rm -rf $folder
        ;;
    out | err) exec cat $folder/$verb ;;
    kill)
        job=$(cat $folder/pid 2>/dev/null) || exit 0
        kill -"$argument" -"$job" 2>/dev/null || kill -"$argument" "$job"
        ;;
esac

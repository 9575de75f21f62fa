#!/bin/busybox sh
# The first process of the rig's Linux: devices, KVM, a bridge between the network card and four TAP devices, and the agent
# that takes jobs. Every line for the host begins with "rig:"; the last one is "rig: ready".
export PATH=/bin HOME=/
/bin/busybox --install -s /bin
mount -t devtmpfs dev /dev
mount -t proc proc /proc
mount -t sysfs sys /sys
mkdir -p /tmp /job /jobs /dev/net
for module in irqbypass kvm kvm-amd tun virtio_ring virtio virtio_pci_modern_dev virtio_pci_legacy_dev virtio_pci failover \
    net_failover virtio_net llc stp bridge; do
    [ ! -e /modules/$module.ko ] || insmod /modules/$module.ko || echo "rig: the module $module does not load"
done
if [ ! -c /dev/kvm ]; then
    echo "rig: there is no /dev/kvm; the kernel says:"
    dmesg | grep -i -e kvm -e svm -e 'hyp mode' | sed 's/^/rig: /'
fi
# No address of its own but the one for the agent, and no chatter on the bridge that a test could take for a unikernel's.
for switch in /proc/sys/net/ipv6/conf/*/disable_ipv6; do [ ! -e $switch ] || echo 1 >$switch; done
ip link set lo up
ip link add br0 type bridge
ip link set eth0 master br0
ip link set eth0 up
ip addr add 10.0.0.100/24 dev br0
ip link set br0 up
for tap in tap0 tap1 tap2 tap3; do
    tunctl -t $tap >/dev/null
    ip link set $tap master br0
    ip link set $tap up
done
nc -ll -p 7000 -e /agent.sh &
until netstat -ltn | grep -q ':7000 '; do usleep 10000; done
# A first packet each way, so that the emulator's network knows this machine when the host connects: it waits six seconds before
# it tries again.
tries=0
until ping -c 1 -W 1 10.0.0.1 >/dev/null 2>&1; do
    tries=$((tries + 1))
    [ $tries -lt 60 ] || { echo "rig: the emulator's network does not answer"; break; }
done
echo "rig: ready"
# Process 1 must not end; orphans of jobs are its to bury.
while true; do wait; sleep 3600; done

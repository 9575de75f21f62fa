/* What the files of these bindings share. */
#ifndef MORGANA_HVT_H
#define MORGANA_HVT_H

#include "native.h"
#include "solo5_hvt.h"

/* hypercall.c: makes calls possible on the image's own page tables. False when no memory is left for them. */
bool hvt_calls_start(void);

/* hypercall.c: the one way to the tender. The tender reads and writes the argument. */
void hvt_call(enum hvt_hypercall number, volatile void *argument);

/* hypercall.c: wakes the tender's thread that serves the network ring. The image goes on. */
void hvt_kick(void);

extern struct hvt_boot_info *hvt_boot;

#endif

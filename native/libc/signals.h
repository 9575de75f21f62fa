/* What a fault looks up. */
#ifndef MORGANA_SIGNALS_H
#define MORGANA_SIGNALS_H

#include "native.h"

const struct sigaction *signal_action(int number);

#endif

/* The console: the first serial port, a 16550 at its usual place, without interrupts. What is written goes out as it is. */
#include "io.h"
#include "solo5.h"
#include "virtio.h"

#define COM1 0x3f8

enum { DATA = 0, INTERRUPTS = 1, DIVISOR_LOW = 0, DIVISOR_HIGH = 1, FIFO = 2, LINE_CONTROL = 3, MODEM = 4, LINE_STATUS = 5 };

#define LINE_8N1         0x03
#define LINE_DIVISOR     0x80
#define FIFO_ON          0x07 /* enabled, both directions emptied */
#define MODEM_READY      0x03 /* terminal ready, request to send */
#define STATUS_EMPTY     0x20 /* room for a whole FIFO */
#define FIFO_SIZE        16
#define DIVISOR_115200   1

/* A port that never gets ready (nobody there, a broken host) must not stop the image. */
#define LONGEST_WAIT 1000000

static bool present;

void serial_init(void)
{
    /* Without a port every register reads as ones. */
    present = in8(COM1 + LINE_STATUS) != 0xff;
    if (!present)
        return;
    out8(COM1 + INTERRUPTS, 0);
    out8(COM1 + LINE_CONTROL, LINE_DIVISOR);
    out8(COM1 + DIVISOR_LOW, DIVISOR_115200);
    out8(COM1 + DIVISOR_HIGH, 0);
    out8(COM1 + LINE_CONTROL, LINE_8N1);
    out8(COM1 + FIFO, FIFO_ON);
    out8(COM1 + MODEM, MODEM_READY);
}

void solo5_console_write(const char *text, size_t size)
{
    if (!present)
        return;
    for (size_t i = 0; i < size; i++) {
        if (i % FIFO_SIZE == 0) {
            for (int wait = 0; (in8(COM1 + LINE_STATUS) & STATUS_EMPTY) == 0; wait++) {
                if (wait == LONGEST_WAIT)
                    return;
                __builtin_ia32_pause();
            }
        }
        out8(COM1 + DATA, (uint8_t)text[i]);
    }
}

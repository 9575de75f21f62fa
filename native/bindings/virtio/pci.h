/* PCI by configuration mechanism 1 (ports 0xcf8 and 0xcfc): every PC-like machine has it. */
#ifndef MORGANA_VIRTIO_PCI_H
#define MORGANA_VIRTIO_PCI_H

#include "native.h"

struct pci_address {
    uint8_t bus, device, function;
};

uint32_t pci_read32(struct pci_address at, uint8_t offset);
uint16_t pci_read16(struct pci_address at, uint8_t offset);
uint8_t pci_read8(struct pci_address at, uint8_t offset);
void pci_write16(struct pci_address at, uint8_t offset, uint16_t value);

enum {
    PCI_VENDOR = 0x00,
    PCI_DEVICE = 0x02,
    PCI_COMMAND = 0x04,
    PCI_STATUS = 0x06,
    PCI_HEADER = 0x0e,
    PCI_BARS = 0x10,
    PCI_SECONDARY_BUS = 0x19,
    PCI_SUBSYSTEM = 0x2e,
    PCI_CAPABILITIES = 0x34,
};

#define PCI_CAPABILITY_VENDOR 0x09
#define PCI_CAPABILITY_MSIX   0x11

/* Calls `found` for every function, bus by bus, slot by slot; a bridge's bus at the place of the bridge. */
void pci_scan(void (*found)(struct pci_address at));

/* The capability after `previous` (0: the first) with this identity; 0 when there is none. */
uint8_t pci_capability(struct pci_address at, uint8_t identity, uint8_t previous);

/* Where a base address register points; 0 when the firmware has not assigned it. */
uint64_t pci_bar(struct pci_address at, uint8_t index, bool *port);

/* Lets the device decode its addresses and reach memory. */
void pci_enable(struct pci_address at);

/* Routes the first entry of its message-signalled interrupts to the processor; the rest stays masked. False without them. */
bool pci_enable_messages(struct pci_address at);

#endif

/* PCI; see the header. Sources: PCI Local Bus Specification 3.0, 3.2.2.3.2, 6.1, 6.7, 6.8.2. */
#include "pci.h"

#include "../../machine/machine.h"
#include "io.h"
#include "virtio.h"

#define ADDRESS_PORT 0xcf8
#define DATA_PORT    0xcfc
#define ENABLE       0x80000000u

#define NONE              0xffff
#define MULTIPLE          0x80
#define HEADER_BRIDGE     1
#define STATUS_CAPABILITIES 0x10
#define COMMAND_PORTS     1u
#define COMMAND_MEMORY    2u
#define COMMAND_MASTER    4u
#define COMMAND_NO_INTERRUPT 0x400u
#define BUSES             256

static void select(struct pci_address at, uint8_t offset)
{
    out32(ADDRESS_PORT, ENABLE | (uint32_t)at.bus << 16 | (uint32_t)at.device << 11 | (uint32_t)at.function << 8 |
                            (offset & 0xfcu));
}

uint32_t pci_read32(struct pci_address at, uint8_t offset)
{
    select(at, offset);
    return in32(DATA_PORT);
}

uint16_t pci_read16(struct pci_address at, uint8_t offset)
{
    select(at, offset);
    return in16((uint16_t)(DATA_PORT + (offset & 2)));
}

uint8_t pci_read8(struct pci_address at, uint8_t offset)
{
    select(at, offset);
    return in8((uint16_t)(DATA_PORT + (offset & 3)));
}

void pci_write16(struct pci_address at, uint8_t offset, uint16_t value)
{
    select(at, offset);
    out16((uint16_t)(DATA_PORT + (offset & 2)), value);
}

static void scan_bus(uint8_t bus, void (*found)(struct pci_address at), uint8_t *seen)
{
    if ((seen[bus / 8] >> (bus % 8) & 1) != 0)
        return; /* bridges that lead in a circle */
    seen[bus / 8] |= (uint8_t)(1 << (bus % 8));
    for (uint8_t device = 0; device < 32; device++) {
        uint8_t functions = 1;
        for (uint8_t function = 0; function < functions; function++) {
            struct pci_address at = {bus, device, function};
            if (pci_read16(at, PCI_VENDOR) == NONE)
                continue;
            uint8_t header = pci_read8(at, PCI_HEADER);
            if (function == 0 && (header & MULTIPLE) != 0)
                functions = 8;
            if ((header & 0x7f) == HEADER_BRIDGE)
                scan_bus(pci_read8(at, PCI_SECONDARY_BUS), found, seen);
            else
                found(at);
        }
    }
}

void pci_scan(void (*found)(struct pci_address at))
{
    uint8_t seen[BUSES / 8] = {0};
    scan_bus(0, found, seen);
}

uint8_t pci_capability(struct pci_address at, uint8_t identity, uint8_t previous)
{
    if ((pci_read16(at, PCI_STATUS) & STATUS_CAPABILITIES) == 0)
        return 0;
    uint8_t offset = pci_read8(at, previous == 0 ? PCI_CAPABILITIES : (uint8_t)(previous + 1)) & 0xfc;
    /* A list has room for 48: more is a circle. */
    for (int count = 0; offset >= 0x40 && count < 48; count++) {
        if (pci_read8(at, offset) == identity)
            return offset;
        offset = pci_read8(at, (uint8_t)(offset + 1)) & 0xfc;
    }
    return 0;
}

uint64_t pci_bar(struct pci_address at, uint8_t index, bool *port)
{
    if (index > 5)
        return 0;
    uint32_t low = pci_read32(at, (uint8_t)(PCI_BARS + 4 * index));
    *port = (low & 1) != 0;
    if (*port)
        return low & ~3u;
    uint64_t address = low & ~15u;
    if ((low >> 1 & 3) == 2 && index < 5)
        address |= (uint64_t)pci_read32(at, (uint8_t)(PCI_BARS + 4 * index + 4)) << 32;
    return address;
}

void pci_enable(struct pci_address at)
{
    uint16_t command = pci_read16(at, PCI_COMMAND);
    pci_write16(at, PCI_COMMAND,
                (uint16_t)(command | COMMAND_PORTS | COMMAND_MEMORY | COMMAND_MASTER | COMMAND_NO_INTERRUPT));
}

/* An entry of the table in memory: address, data, and a control word whose lowest bit masks it. */
struct message {
    uint32_t address_low, address_high, data, control;
};

#define MESSAGES_ENABLE 0x8000u
#define MESSAGES_MASKED 0x4000u

bool pci_enable_messages(struct pci_address at)
{
    uint8_t capability = pci_capability(at, PCI_CAPABILITY_MSIX, 0);
    if (capability == 0)
        return false;
    uint32_t place = pci_read32(at, (uint8_t)(capability + 4));
    bool port;
    uint64_t base = pci_bar(at, place & 7, &port);
    if (base == 0 || port)
        return false;
    uintptr_t table = base + (place & ~7u);
    if (!machine_map(table, table + sizeof(struct message), MACHINE_DEVICE))
        return false;
    volatile struct message *first = (volatile void *)table;
    first->address_low = (uint32_t)idle_message_address();
    first->address_high = (uint32_t)(idle_message_address() >> 32);
    first->data = idle_message_data();
    first->control = 0;
    uint16_t control = pci_read16(at, (uint8_t)(capability + 2));
    pci_write16(at, (uint8_t)(capability + 2), (uint16_t)((control & ~MESSAGES_MASKED) | MESSAGES_ENABLE));
    return true;
}

/*
 * What is asked of ACPI: power off, and the timer. Tables are found as the specification (6.4, chapter 5) says; the sleep
 * state's numbers are looked for in the byte code of the DSDT by their name, without an interpreter: every hypervisor
 * writes \_S5 as a package of constants.
 */
#include "../../machine/machine.h"
#include "io.h"
#include "virtio.h"

struct __attribute__((packed)) root_pointer {
    char signature[8];
    uint8_t checksum;
    char oem[6];
    uint8_t revision;
    uint32_t rsdt;
    uint32_t length;
    uint64_t xsdt;
    uint8_t extended_checksum;
    uint8_t reserved[3];
};

struct __attribute__((packed)) table {
    char signature[4];
    uint32_t length;
    uint8_t revision, checksum;
    char oem[6], oem_table[8];
    uint32_t oem_revision, creator, creator_revision;
};

struct __attribute__((packed)) address {
    uint8_t space, width, offset, access;
    uint64_t address;
};

struct __attribute__((packed)) fixed_table {
    struct table header;
    uint32_t firmware, dsdt;
    uint8_t reserved, profile;
    uint16_t interrupt;
    uint32_t smi_command;
    uint8_t enable, disable, s4, pstate;
    uint32_t pm1a_event, pm1b_event, pm1a_control, pm1b_control, pm2_control, timer;
    uint32_t gpe0, gpe1;
    uint8_t pm1_event_length, pm1_control_length, pm2_control_length, timer_length;
    uint8_t more[20];
    uint32_t flags;
    struct address reset;
    uint8_t reset_value;
    uint8_t arm[2], minor;
    uint64_t firmware_long, dsdt_long;
    struct address blocks[8];
    struct address sleep_control, sleep_status;
};
_Static_assert(sizeof(struct table) == 36, "table header");
_Static_assert(offsetof(struct fixed_table, timer) == 76, "FADT: timer");
_Static_assert(offsetof(struct fixed_table, flags) == 112, "FADT: flags");
_Static_assert(offsetof(struct fixed_table, dsdt_long) == 140, "FADT: DSDT");
_Static_assert(offsetof(struct fixed_table, sleep_control) == 244, "FADT: sleep control");

#define FLAG_TIMER_32_BIT     (1u << 8)
#define FLAG_HARDWARE_REDUCED (1u << 20)
#define SPACE_MEMORY 0
#define SPACE_PORT   1

#define SLEEP_ENABLE      (1u << 13) /* of PM1 control */
#define SLEEP_TYPE_SHIFT  10
#define SCI_ENABLED       1u
#define SLEEP_ENABLE_REDUCED     (1u << 5) /* of the sleep control register */
#define SLEEP_TYPE_SHIFT_REDUCED 2

#define BIOS_START 0xe0000
#define BIOS_END   0x100000
#define LOWEST_TABLE 0x1000ull
#define HIGHEST      (1ull << 32)
#define LARGEST_TABLE (1u << 22)

#define NAME_OP    0x08
#define PACKAGE_OP 0x12
#define BYTE_OP    0x0a

/* A copy: the firmware's memory is not mapped for long. Zeros where a table of an older version ends. */
static struct fixed_table fadt;
static bool fadt_known;
static uint8_t sleep_type_a, sleep_type_b;
static bool sleep_known;

static bool sums_to_zero(const void *start, size_t size)
{
    const uint8_t *bytes = start;
    uint8_t sum = 0;
    for (size_t i = 0; i < size; i++)
        sum += bytes[i];
    return sum == 0;
}

/* A table that can be read whole, or NULL. */
static const struct table *table_at(uint64_t address)
{
    if (address < LOWEST_TABLE || address > HIGHEST - sizeof(struct table))
        return NULL;
    const struct table *table = (const void *)address;
    if (table->length < sizeof *table || table->length > LARGEST_TABLE || address > HIGHEST - table->length)
        return NULL;
    return table;
}

static const struct root_pointer *root_at(uintptr_t address)
{
    const struct root_pointer *root = (const void *)address;
    return memcmp(root->signature, "RSD PTR ", 8) == 0 && sums_to_zero(root, 20) ? root : NULL;
}

static const struct root_pointer *find_root(uintptr_t said)
{
    if (said >= LOWEST_TABLE && said < HIGHEST - sizeof(struct root_pointer) && root_at(said) != NULL)
        return root_at(said);
    for (uintptr_t at = BIOS_START; at < BIOS_END; at += 16) {
        if (root_at(at) != NULL)
            return root_at(at);
    }
    return NULL;
}

static const struct fixed_table *find_fixed_table(const struct root_pointer *root)
{
    bool wide = root->revision >= 2 && root->xsdt != 0;
    const struct table *list = table_at(wide ? root->xsdt : root->rsdt);
    if (list == NULL)
        return NULL;
    size_t size = wide ? 8 : 4;
    for (size_t at = sizeof *list; at + size <= list->length; at += size) {
        uint64_t address = 0;
        memcpy(&address, (const char *)list + at, size);
        const struct table *table = table_at(address);
        if (table != NULL && memcmp(table->signature, "FACP", 4) == 0 &&
            table->length >= offsetof(struct fixed_table, reset) && sums_to_zero(table, table->length))
            return (const void *)table;
    }
    return NULL;
}

/* A constant: zero, one, or a byte with its prefix. Advances past it; false for anything else. */
static bool read_constant(const uint8_t **at, const uint8_t *end, uint8_t *value)
{
    if (*at < end && (**at == 0 || **at == 1)) {
        *value = *(*at)++;
        return true;
    }
    if (end - *at < 2 || **at != BYTE_OP)
        return false;
    *value = (*at)[1];
    *at += 2;
    return true;
}

/* Name (\_S5, Package () { a, b, ... }) in the byte code. */
static void find_sleep_type(const struct table *dsdt)
{
    const uint8_t *code = (const uint8_t *)(dsdt + 1), *end = (const uint8_t *)dsdt + dsdt->length;
    for (const uint8_t *at = code + 1; end - at > 8; at++) {
        if (memcmp(at, "_S5_", 4) != 0 || (at[-1] != NAME_OP && !(at[-1] == '\\' && at[-2] == NAME_OP)))
            continue;
        const uint8_t *package = at + 4;
        if (*package++ != PACKAGE_OP)
            continue;
        package += 1 + (*package >> 6); /* its length: bits 7-6 say how many bytes more */
        package++;                      /* how many elements */
        if (package < end && read_constant(&package, end, &sleep_type_a)) {
            if (!read_constant(&package, end, &sleep_type_b))
                sleep_type_b = sleep_type_a;
            sleep_known = true;
            return;
        }
    }
}

void acpi_init(uintptr_t said)
{
    const struct root_pointer *root = find_root(said);
    const struct fixed_table *found = root == NULL ? NULL : find_fixed_table(root);
    if (found == NULL)
        return;
    memcpy(&fadt, found, found->header.length < sizeof fadt ? found->header.length : sizeof fadt);
    fadt_known = true;
    const struct table *dsdt = table_at(fadt.dsdt_long != 0 ? fadt.dsdt_long : fadt.dsdt);
    if (dsdt != NULL)
        find_sleep_type(dsdt);
}

uint16_t acpi_timer_port(void)
{
    return fadt_known && (fadt.flags & FLAG_HARDWARE_REDUCED) == 0 && fadt.timer_length == 4 ? (uint16_t)fadt.timer
                                                                                                 : 0;
}

bool acpi_timer_is_32_bit(void)
{
    return fadt_known && (fadt.flags & FLAG_TIMER_32_BIT) != 0;
}

static void power_off_reduced(void)
{
    const struct address *control = &fadt.sleep_control;
    if (control->address == 0)
        return;
    uint8_t value = (uint8_t)(SLEEP_ENABLE_REDUCED | sleep_type_a << SLEEP_TYPE_SHIFT_REDUCED);
    if (control->space == SPACE_PORT)
        out8((uint16_t)control->address, value);
    else if (control->space == SPACE_MEMORY && machine_map(control->address, control->address + 1, MACHINE_DEVICE))
        *(volatile uint8_t *)control->address = value;
}

/* The machine goes on for a while after it was told. Reading this port takes a microsecond, whatever the clocks do. */
static void wait_for_it(void)
{
    for (int i = 0; i < 1000000; i++)
        (void)in8(0x80);
}

/* Machines start in legacy mode; the firmware hands the registers over on request. */
static void take_registers(void)
{
    if (fadt.smi_command == 0 || fadt.enable == 0 || (in16((uint16_t)fadt.pm1a_control) & SCI_ENABLED) != 0)
        return;
    out8((uint16_t)fadt.smi_command, fadt.enable);
    for (int i = 0; i < 100000 && (in16((uint16_t)fadt.pm1a_control) & SCI_ENABLED) == 0; i++)
        __builtin_ia32_pause();
}

void acpi_power_off(void)
{
    if (!fadt_known || !sleep_known)
        return;
    if ((fadt.flags & FLAG_HARDWARE_REDUCED) != 0) {
        power_off_reduced();
    } else if (fadt.pm1a_control != 0) {
        take_registers();
        out16((uint16_t)fadt.pm1a_control, (uint16_t)(SLEEP_ENABLE | sleep_type_a << SLEEP_TYPE_SHIFT));
        if (fadt.pm1b_control != 0)
            out16((uint16_t)fadt.pm1b_control, (uint16_t)(SLEEP_ENABLE | sleep_type_b << SLEEP_TYPE_SHIFT));
    }
    wait_for_it();
}

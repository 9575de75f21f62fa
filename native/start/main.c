/*
 * From the bindings' entry to C#'s Main: memory, entropy, settings, the first
 * thread, the constructors of the runtime, the arguments.
 */
#include "native.h"
#include "solo5.h"

#define ARGUMENTS_MAX 256

typedef void (*constructor)(int, char **, char **);
extern const constructor __init_array_start[], __init_array_end[];
extern char **environ;
int main(int argc, char **argv);
_Noreturn void exit(int status);

/*
 * A tender joins the arguments with spaces. Quotes ' and " keep spaces within
 * one argument, and a backslash takes the next character as it is (inside
 * single quotes it stands for itself), as in a shell. Works in place.
 */
static int split(char *text, char **arguments, int limit)
{
    int count = 0;
    char *to = text;
    while (*text != 0) {
        while (*text == ' ')
            text++;
        if (*text == 0)
            break;
        if (count == limit)
            fatal("more than %d arguments on the command line", limit);
        arguments[count++] = to;
        char quote = 0;
        for (; *text != 0 && (quote != 0 || *text != ' '); text++) {
            if (quote == 0 && (*text == '"' || *text == '\''))
                quote = *text;
            else if (quote != 0 && *text == quote)
                quote = 0;
            else if (*text == '\\' && quote != '\'' && text[1] != 0)
                *to++ = *++text;
            else
                *to++ = *text;
        }
        if (quote != 0)
            fatal("the command line has a %c that is not closed", quote);
        if (*text != 0)
            text++;
        *to++ = 0;
    }
    return count;
}

static void run(void *command_line)
{
    static char *arguments[ARGUMENTS_MAX + 2] = {"unikernel"};
    size_t size = strlen(command_line) + 2;
    char *text = calloc(1, size);
    if (text == NULL)
        fatal("not enough memory for the command line");
    memcpy(text, command_line, size - 2);
    int count = 1 + split(text, arguments + 1, ARGUMENTS_MAX);
    for (const constructor *c = __init_array_start; c < __init_array_end; c++)
        (*c)(count, arguments, environ);
    int status = main(count, arguments);
    /* The runtime says nothing when it cannot start, which has this one reason here. */
    if (status == -1 && !report_has_names())
        fatal("not enough memory: .NET could not start with the %zu KiB beside the image; give the tender a larger --mem",
              pages_total() * PAGE_SIZE / 1024);
    exit(status);
}

int solo5_app_main(const struct solo5_start_info *info)
{
    pages_init(info->heap_start, info->heap_size);
    size_t seed_size = 0;
    const uint8_t *seed = bindings_seed(&seed_size);
    entropy_init(seed, seed_size);
    size_t memory = pages_total() * PAGE_SIZE;
    environment_init(memory);
    /* Main runs on a bigger stack than other threads: a 32nd of the memory. */
    size_t stack = memory / 32;
    if (stack < 512ul << 10)
        stack = 512ul << 10;
    if (stack > 8ul << 20)
        stack = 8ul << 20;
    threads_start(run, (void *)info->cmdline, stack);
}

#define _GNU_SOURCE
#include "CShims.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

static char **words;

// Where a standard stream is closed, the next socket or file would have its number, and what is told would go there.
static void hold_standard_streams(void) {
    int opened;
    do opened = open("/dev/null", O_RDWR);
    while (opened >= 0 && opened <= STDERR_FILENO);
    if (opened >= 0) close(opened);
}

// Before anything else of the program. Swift's runtime takes the arguments from /proc/self/cmdline; and it looks for its
// backtracer beside the program, which it finds by /proc/self/exe, and aborts where there is no /proc, unless one is named.
static void prepare(int count, char **arguments, char **environment) {
    char path[2];
    (void)count, (void)environment;
    words = arguments;
    hold_standard_streams();
    if (readlink("/proc/self/exe", path, sizeof path) < 0) setenv("SWIFT_BACKTRACE", "enable=no,swift-backtrace=/", 0);
}

__attribute__((section(".preinit_array"), used)) static void (*const before_constructors)(int, char **, char **) =
    prepare;

char **shim_arguments(void) { return words; }

static int64_t nanoseconds(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

int64_t shim_monotonic(void) { return nanoseconds(CLOCK_MONOTONIC); }

int64_t shim_wall(void) { return nanoseconds(CLOCK_REALTIME); }

int shim_lock(int descriptor) { return flock(descriptor, LOCK_EX | LOCK_NB) == 0 ? 0 : -errno; }

uint64_t shim_random(void) {
    uint64_t value = 0;
    while (getrandom(&value, sizeof value, 0) != sizeof value) {
    }
    return value;
}

int64_t shim_raise_descriptor_limit(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0) return -errno;
    limit.rlim_cur = limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) < 0) return -errno;
    return (int64_t)limit.rlim_cur;
}

// glibc raises the size from which a block is mapped by itself with every such block that is freed, up to 32 MiB; from then
// on the like of it comes from the heap, which gives back only its end.
void shim_map_large_blocks(void) { mallopt(M_MMAP_THRESHOLD, 128 * 1024); }

void shim_return_memory(void) { malloc_trim(0); }

static sigset_t stop_signals(void) {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    return signals;
}

int shim_stop_signals(void) {
    sigset_t signals = stop_signals();
    int error = pthread_sigmask(SIG_BLOCK, &signals, NULL);
    if (error != 0) return -error;
    int descriptor = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
    return descriptor < 0 ? -errno : descriptor;
}

int shim_read_signal(int descriptor) {
    struct signalfd_siginfo information;
    ssize_t count = read(descriptor, &information, sizeof information);
    if (count < 0) return -errno;
    return count == sizeof information ? (int)information.ssi_signo : -EINVAL;
}

void shim_release_stop_signals(void) {
    sigset_t signals = stop_signals();
    pthread_sigmask(SIG_UNBLOCK, &signals, NULL);
}

char **shim_environment(void) { return environ; }

int shim_pipe(int *reading) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) < 0) return -errno;
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    *reading = ends[0];
    return ends[1];
}

const char *shim_error_text(int error) {
    const char *text = strerrordesc_np(error);
    return text ? text : "unknown error";
}

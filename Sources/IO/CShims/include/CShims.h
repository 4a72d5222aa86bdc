// The few system calls and macros that Swift's Glibc module does not show. Every call that can fail answers with the
// negated error number instead of -1, so that no Swift code reads `errno` after other code had a chance to change it.
#pragma once
#include <stddef.h>
#include <stdint.h>

// --- Waiting (poll.c) -------------------------------------------------------------------------------------------

typedef struct {
    uint64_t token;
    uint32_t events;
} shim_event;

enum {
    SHIM_READABLE = 1,
    SHIM_WRITABLE = 2,
    /// The peer shut down its writing half.
    SHIM_PEER_ENDED = 4,
    /// Both halves are gone, or the socket has an error.
    SHIM_BROKEN = 8,
};

int shim_poll_create(void);
/// Edge-triggered, for everything above.
int shim_poll_add(int poll, int descriptor, uint64_t token);
int shim_poll_remove(int poll, int descriptor);
/// Waits for at most `timeout` nanoseconds, for good when it is negative; 0 events when interrupted.
int shim_poll_wait(int poll, shim_event *events, int capacity, int64_t timeout);
int shim_wakeup_create(void);
void shim_wakeup_signal(int descriptor);
void shim_wakeup_drain(int descriptor);
/// The kernel may delay a timer by up to its slack (50 µs unless told) to save wake-ups: 1 ns is the least.
void shim_sharpen_timers(void);

// --- Sockets (sockets.c) ----------------------------------------------------------------------------------------

/// `address` is an IPv4 or IPv6 literal; -EINVAL otherwise.
int shim_listen(const char *address, uint16_t port, int backlog);
/// Starts to connect: the outcome is `shim_socket_error` once the socket is writable.
int shim_connect(const char *address, uint16_t port);
/// A datagram socket that sends to that address and hears from nobody else.
int shim_connect_datagram(const char *address, uint16_t port);
/// A datagram socket that hears from everybody.
int shim_listen_datagram(const char *address, uint16_t port);
int shim_accept(int listener);
int shim_local_port(int descriptor);
int shim_socket_error(int descriptor);
enum {
    /// What `shim_peek` answers when nothing more will come.
    SHIM_END = 256,
};

/// The next byte, which stays where it is; SHIM_END at the end.
int shim_peek(int descriptor);
/// The address as text, an IPv4 one never as IPv6.
int shim_local_address(int descriptor, char *text, int capacity);
int shim_peer_address(int descriptor, char *text, int capacity);
int64_t shim_receive(int descriptor, void *buffer, size_t capacity);
/// Up to three pieces in one system call.
int64_t shim_send(int descriptor, const void *first, size_t first_count, const void *second, size_t second_count,
                  const void *third, size_t third_count);
void shim_finish_writing(int descriptor);
void shim_close(int descriptor);
/// Closes with RST instead of FIN.
void shim_reset(int descriptor);
/// Whether a socket of this machine at the other end of `descriptor` still has an owner: 1 yes, 0 its process closed
/// it, negative when it cannot be told (another machine, another network namespace).
int shim_peer_is_owned(int descriptor);

// --- Process (process.c) ----------------------------------------------------------------------------------------

/// Nanoseconds of the monotonic clock.
int64_t shim_monotonic(void);
/// Nanoseconds since 1970-01-01T00:00:00Z.
int64_t shim_wall(void);
uint64_t shim_random(void);

/// Holds the file for this open descriptor alone, until it is closed; -errno when another one has it.
int shim_lock(int descriptor);
/// Lets this process open as many files as it is allowed to; answers how many.
int64_t shim_raise_descriptor_limit(void);
/// From now on blocks of 128 KiB and more go back to the system as soon as they are freed.
void shim_map_large_blocks(void);
/// Gives the system what is free in the heap.
void shim_return_memory(void);
/// Blocks SIGINT and SIGTERM and answers a descriptor that becomes readable when one arrives. Before any thread starts.
int shim_stop_signals(void);
/// The signal that arrived, or a negative error.
int shim_read_signal(int descriptor);
/// Gives both signals their usual effect again.
void shim_release_stop_signals(void);
const char *shim_error_text(int error);
/// What this program was started with, its own name first; NULL behind the last.
char **shim_arguments(void);
/// What a program that is started gets for its environment.
char **shim_environment(void);
/// A pipe that no other program inherits: the end to write to, and in `reading` the other, which never waits.
int shim_pipe(int *reading);

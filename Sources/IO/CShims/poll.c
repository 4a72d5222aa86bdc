#define _GNU_SOURCE
#include "CShims.h"

#include <errno.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

int shim_poll_create(void) {
    int poll = epoll_create1(EPOLL_CLOEXEC);
    return poll < 0 ? -errno : poll;
}

int shim_poll_add(int poll, int descriptor, uint64_t token) {
    struct epoll_event event = {
        .events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET,
        .data.u64 = token,
    };
    return epoll_ctl(poll, EPOLL_CTL_ADD, descriptor, &event) < 0 ? -errno : 0;
}

int shim_poll_remove(int poll, int descriptor) {
    return epoll_ctl(poll, EPOLL_CTL_DEL, descriptor, NULL) < 0 ? -errno : 0;
}

static uint32_t translated(uint32_t found) {
    uint32_t events = 0;
    if (found & EPOLLIN) events |= SHIM_READABLE;
    if (found & EPOLLOUT) events |= SHIM_WRITABLE;
    if (found & EPOLLRDHUP) events |= SHIM_PEER_ENDED;
    if (found & (EPOLLERR | EPOLLHUP)) events |= SHIM_BROKEN;
    return events;
}

int shim_poll_wait(int poll, shim_event *events, int capacity, int64_t timeout) {
    struct epoll_event found[256];
    if (capacity > 256) capacity = 256;
    struct timespec limit = {.tv_sec = timeout / 1000000000, .tv_nsec = timeout % 1000000000};
    int count = epoll_pwait2(poll, found, capacity, timeout < 0 ? NULL : &limit, NULL);
    if (count < 0 && errno == ENOSYS) {  // Linux before 5.11: milliseconds, rounded up so as not to spin
        int milliseconds = timeout < 0 ? -1 : timeout > 60000000000 ? 60000 : (int)((timeout + 999999) / 1000000);
        count = epoll_wait(poll, found, capacity, milliseconds);
    }
    if (count < 0) return errno == EINTR ? 0 : -errno;
    for (int index = 0; index < count; index++) {
        events[index].token = found[index].data.u64;
        events[index].events = translated(found[index].events);
    }
    return count;
}

int shim_wakeup_create(void) {
    int descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return descriptor < 0 ? -errno : descriptor;
}

void shim_wakeup_signal(int descriptor) {
    uint64_t one = 1;
    while (write(descriptor, &one, sizeof one) < 0 && errno == EINTR) {
    }
}

void shim_wakeup_drain(int descriptor) {
    uint64_t count;
    while (read(descriptor, &count, sizeof count) < 0 && errno == EINTR) {
    }
}

void shim_sharpen_timers(void) { prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL); }

#define _GNU_SOURCE
#include "CShims.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

static socklen_t read_address(const char *text, uint16_t port, struct sockaddr_storage *address) {
    memset(address, 0, sizeof *address);
    struct sockaddr_in *four = (struct sockaddr_in *)address;
    struct sockaddr_in6 *six = (struct sockaddr_in6 *)address;
    if (inet_pton(AF_INET, text, &four->sin_addr) == 1) {
        four->sin_family = AF_INET;
        four->sin_port = htons(port);
        return sizeof *four;
    }
    if (inet_pton(AF_INET6, text, &six->sin6_addr) == 1) {
        six->sin6_family = AF_INET6;
        six->sin6_port = htons(port);
        return sizeof *six;
    }
    return 0;
}

static int close_with(int descriptor, int error) {
    close(descriptor);
    return -error;
}

// Every write is a whole thought (a head with its body, a frame): Nagle's algorithm could only delay it.
static void write_at_once(int descriptor) {
    int on = 1;
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

// A congestion control that paces (BBR) holds every write back by a timer of its own, which a frame's deadline cannot
// bear. Reno does not, and every kernel has it; where it may not be chosen, the system's own stays.
static void do_not_pace(int descriptor) {
    static const char name[] = "reno";
    setsockopt(descriptor, IPPROTO_TCP, TCP_CONGESTION, name, sizeof name - 1);
}

int shim_listen(const char *text, uint16_t port, int backlog) {
    struct sockaddr_storage address;
    socklen_t length = read_address(text, port, &address);
    if (length == 0) return -EINVAL;
    int listener = socket(address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (listener < 0) return -errno;
    int on = 1, off = 0;
    // A port whose last owner's connections linger in TIME_WAIT may be taken; one with a living listener may not.
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (address.ss_family == AF_INET6) setsockopt(listener, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    if (bind(listener, (struct sockaddr *)&address, length) < 0) return close_with(listener, errno);
    if (listen(listener, backlog) < 0) return close_with(listener, errno);
    // Accepted sockets inherit it: one system call less for each of them.
    write_at_once(listener);
    do_not_pace(listener);
    return listener;
}

int shim_connect(const char *text, uint16_t port) {
    struct sockaddr_storage address;
    socklen_t length = read_address(text, port, &address);
    if (length == 0) return -EINVAL;
    int descriptor = socket(address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return -errno;
    write_at_once(descriptor);
    if (connect(descriptor, (struct sockaddr *)&address, length) < 0 && errno != EINPROGRESS)
        return close_with(descriptor, errno);
    return descriptor;
}

int shim_connect_datagram(const char *text, uint16_t port) {
    struct sockaddr_storage address;
    socklen_t length = read_address(text, port, &address);
    if (length == 0) return -EINVAL;
    int descriptor = socket(address.ss_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return -errno;
    if (connect(descriptor, (struct sockaddr *)&address, length) < 0) return close_with(descriptor, errno);
    return descriptor;
}

int shim_listen_datagram(const char *text, uint16_t port) {
    struct sockaddr_storage address;
    socklen_t length = read_address(text, port, &address);
    if (length == 0) return -EINVAL;
    int descriptor = socket(address.ss_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return -errno;
    if (bind(descriptor, (struct sockaddr *)&address, length) < 0) return close_with(descriptor, errno);
    return descriptor;
}

int shim_accept(int listener) {
    int descriptor = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    return descriptor < 0 ? -errno : descriptor;
}

int shim_local_port(int descriptor) {
    struct sockaddr_storage address;
    socklen_t length = sizeof address;
    if (getsockname(descriptor, (struct sockaddr *)&address, &length) < 0) return -errno;
    return ntohs(address.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&address)->sin6_port
                                               : ((struct sockaddr_in *)&address)->sin_port);
}

int shim_socket_error(int descriptor) {
    int error = 0;
    socklen_t length = sizeof error;
    if (getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &length) < 0) return errno;
    return error;
}

int shim_peek(int descriptor) {
    unsigned char byte;
    for (;;) {
        ssize_t count = recv(descriptor, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
        if (count >= 0) return count == 0 ? SHIM_END : byte;
        if (errno != EINTR) return -errno;
    }
}

static int write_address(const struct sockaddr_storage *address, char *text, int capacity) {
    const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)address;
    const void *bytes = &six->sin6_addr;
    int family = address->ss_family;
    if (family == AF_INET) {
        bytes = &((const struct sockaddr_in *)address)->sin_addr;
    } else if (family == AF_INET6 && IN6_IS_ADDR_V4MAPPED(&six->sin6_addr)) {
        family = AF_INET;
        bytes = six->sin6_addr.s6_addr + 12;
    } else if (family != AF_INET6) {
        return -EAFNOSUPPORT;
    }
    return inet_ntop(family, bytes, text, (socklen_t)capacity) ? 0 : -errno;
}

int shim_local_address(int descriptor, char *text, int capacity) {
    struct sockaddr_storage address;
    socklen_t length = sizeof address;
    if (getsockname(descriptor, (struct sockaddr *)&address, &length) < 0) return -errno;
    return write_address(&address, text, capacity);
}

int shim_peer_address(int descriptor, char *text, int capacity) {
    struct sockaddr_storage address;
    socklen_t length = sizeof address;
    if (getpeername(descriptor, (struct sockaddr *)&address, &length) < 0) return -errno;
    return write_address(&address, text, capacity);
}

int64_t shim_receive(int descriptor, void *buffer, size_t capacity) {
    for (;;) {
        ssize_t count = recv(descriptor, buffer, capacity, 0);
        if (count >= 0) return count;
        if (errno != EINTR) return -errno;
    }
}

int64_t shim_send(int descriptor, const void *first, size_t first_count, const void *second, size_t second_count,
                  const void *third, size_t third_count) {
    struct iovec pieces[3] = {
        {(void *)first, first_count}, {(void *)second, second_count}, {(void *)third, third_count}};
    struct msghdr message = {.msg_iov = pieces, .msg_iovlen = 3};
    for (;;) {
        ssize_t count = second_count + third_count == 0
                            ? send(descriptor, first, first_count, MSG_NOSIGNAL)
                            : sendmsg(descriptor, &message, MSG_NOSIGNAL);
        if (count >= 0) return count;
        if (errno != EINTR) return -errno;
    }
}

void shim_finish_writing(int descriptor) { shutdown(descriptor, SHUT_WR); }

void shim_close(int descriptor) { close(descriptor); }

void shim_reset(int descriptor) {
    struct linger now = {.l_onoff = 1, .l_linger = 0};
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    close(descriptor);
}

// The other end of a local connection is a socket of this kernel, and sock_diag(7) tells its inode: 0 once no process
// owns it. It is the only way to tell `shutdown(SHUT_WR)` from `close()` before something is written.
static int copy_ends(int descriptor, struct inet_diag_sockid *id) {
    struct sockaddr_storage here, there;
    socklen_t length = sizeof here;
    if (getsockname(descriptor, (struct sockaddr *)&here, &length) < 0) return -errno;
    length = sizeof there;
    if (getpeername(descriptor, (struct sockaddr *)&there, &length) < 0) return -errno;
    id->idiag_cookie[0] = id->idiag_cookie[1] = INET_DIAG_NOCOOKIE;
    if (here.ss_family == AF_INET) {
        struct sockaddr_in *peer = (struct sockaddr_in *)&there, *own = (struct sockaddr_in *)&here;
        id->idiag_sport = peer->sin_port;
        id->idiag_dport = own->sin_port;
        id->idiag_src[0] = peer->sin_addr.s_addr;
        id->idiag_dst[0] = own->sin_addr.s_addr;
        return AF_INET;
    }
    struct sockaddr_in6 *peer = (struct sockaddr_in6 *)&there, *own = (struct sockaddr_in6 *)&here;
    id->idiag_sport = peer->sin6_port;
    id->idiag_dport = own->sin6_port;
    if (IN6_IS_ADDR_V4MAPPED(&peer->sin6_addr)) {
        memcpy(id->idiag_src, peer->sin6_addr.s6_addr + 12, 4);
        memcpy(id->idiag_dst, own->sin6_addr.s6_addr + 12, 4);
        return AF_INET;
    }
    memcpy(id->idiag_src, &peer->sin6_addr, 16);
    memcpy(id->idiag_dst, &own->sin6_addr, 16);
    return AF_INET6;
}

static int ask_owner(int netlink, const struct inet_diag_sockid *id, int family) {
    struct {
        struct nlmsghdr header;
        struct inet_diag_req_v2 request;
    } question = {
        .header = {.nlmsg_len = sizeof question, .nlmsg_type = SOCK_DIAG_BY_FAMILY, .nlmsg_flags = NLM_F_REQUEST},
        .request = {
            .sdiag_family = (uint8_t)family, .sdiag_protocol = IPPROTO_TCP, .idiag_states = ~0U, .id = *id}};
    struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
    if (sendto(netlink, &question, sizeof question, 0, (struct sockaddr *)&kernel, sizeof kernel) < 0) return -errno;
    union {
        struct nlmsghdr header;
        char bytes[4096];
    } answer;
    ssize_t count = recv(netlink, &answer, sizeof answer, MSG_DONTWAIT);
    if (count < 0) return -errno;
    if (count < (ssize_t)NLMSG_LENGTH(sizeof(struct inet_diag_msg)) || answer.header.nlmsg_type != SOCK_DIAG_BY_FAMILY)
        return -ENOENT;
    return ((struct inet_diag_msg *)NLMSG_DATA(&answer.header))->idiag_inode != 0;
}

int shim_peer_is_owned(int descriptor) {
    struct inet_diag_sockid id;
    memset(&id, 0, sizeof id);
    int family = copy_ends(descriptor, &id);
    if (family < 0) return family;
    int netlink = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
    if (netlink < 0) return -errno;
    int owned = ask_owner(netlink, &id, family);
    close(netlink);
    return owned;
}

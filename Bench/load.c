// Sends prepared requests over keep-alive connections and takes the answers, as cheaply as one thread can.
//
//   load PORT CONNECTIONS SECONDS COUNT FILE
//
// FILE holds requests, each behind a line with its length in bytes. They are sent in their order, over and over, each on the next
// connection that is free, until SECONDS have passed or COUNT were sent (0: no such end). Prints one line of JSON. An answer
// that is no 200, that is cut short or that does not come within ten seconds has failed.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "requests.h"

typedef struct {
  int fd;
  int isWaiting;
  int isChunked;
  size_t used;
  size_t whole;  // bytes of the answer, once its head says so
  char buffer[65536];
} Connection;

static int port, poll_fd;
static size_t sent, limit, answered, failed, waiting;
static int64_t deadline;

static void sendNext(Connection *connection) {
  if ((limit && sent >= limit) || now() >= deadline) return;
  Request request = requests[sent++ % made];
  connection->used = connection->whole = connection->isChunked = 0;
  connection->isWaiting = 1;
  waiting++;
  if (send(connection->fd, request.bytes, request.size, MSG_NOSIGNAL) != (ssize_t)request.size) fail("send");
}

static void connectAnew(Connection *connection) {
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  connection->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int yes = 1;
  setsockopt(connection->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  if (connect(connection->fd, (struct sockaddr *)&to, sizeof to) < 0) fail("connect");
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
  if (epoll_ctl(poll_fd, EPOLL_CTL_ADD, connection->fd, &event) < 0) fail("epoll_ctl");
}

static void readHead(Connection *connection) {
  char *end = memmem(connection->buffer, connection->used, "\r\n\r\n", 4);
  if (!end) return;
  connection->whole = end + 4 - connection->buffer;
  char *line = connection->buffer;
  while ((line = memchr(line, '\n', end - line))) {
    line++;
    if (strncasecmp(line, "content-length:", 15) == 0) connection->whole += strtoul(line + 15, NULL, 10);
    if (strncasecmp(line, "transfer-encoding:", 18) == 0) connection->isChunked = 1;
  }
}

static int isWhole(Connection *connection) {
  if (!connection->whole) readHead(connection);
  if (!connection->whole) return 0;
  if (!connection->isChunked) return connection->used >= connection->whole;
  return connection->used > connection->whole + 5 && memcmp(connection->buffer + connection->used - 7, "\r\n0\r\n\r\n", 7) == 0;
}

static void settle(Connection *connection, int isGood) {
  connection->isWaiting = 0;
  waiting--;
  answered++;
  if (!isGood || memcmp(connection->buffer, "HTTP/1.1 200", 12) != 0) failed++;
}

static void receive(Connection *connection) {
  size_t room = sizeof connection->buffer - connection->used;
  ssize_t count = room ? recv(connection->fd, connection->buffer + connection->used, room, 0) : 0;
  if (count > 0) {
    connection->used += count;
    if (!connection->isWaiting || !isWhole(connection)) return;
    settle(connection, 1);
  } else {
    close(connection->fd);
    if (connection->isWaiting) settle(connection, 0);
    connectAnew(connection);
  }
  sendNext(connection);
}

static double processorSeconds(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

int main(int count, char **words) {
  if (count != 6) {
    fprintf(stderr, "usage: load PORT CONNECTIONS SECONDS COUNT FILE\n");
    return 2;
  }
  port = atoi(words[1]);
  size_t many = strtoul(words[2], NULL, 10);
  limit = strtoul(words[4], NULL, 10);
  readRequests(words[5]);
  poll_fd = epoll_create1(EPOLL_CLOEXEC);
  Connection *connections = calloc(many, sizeof *connections);
  for (size_t i = 0; i < many; i++) connectAnew(&connections[i]);

  int64_t began = now(), latest = began;
  double spent = processorSeconds();
  deadline = began + (int64_t)(atof(words[3]) * 1e9);
  for (size_t i = 0; i < many; i++) sendNext(&connections[i]);
  struct epoll_event events[256];
  while (waiting && now() < latest + 10000000000) {
    int ready = epoll_wait(poll_fd, events, 256, 1000);
    for (int i = 0; i < ready; i++) receive(events[i].data.ptr);
    if (ready > 0) latest = now();
  }
  failed += waiting;
  printf("{\"requests\":%zu,\"failed\":%zu,\"seconds\":%.6f,\"cpu_seconds\":%.6f}\n", answered, failed, (latest - began) / 1e9,
         processorSeconds() - spent);
  return 0;
}

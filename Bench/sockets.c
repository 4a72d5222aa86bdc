// Many WebSockets on one epoll loop.
//
//   sockets PORT COUNT REQUEST_FILE idle                       prints "open", and holds them until its standard input ends
//   sockets PORT COUNT REQUEST_FILE echo SECONDS SIZE          each sends its next message when the last one came back
//   sockets PORT COUNT REQUEST_FILE pace SECONDS SIZE RATE     RATE messages a second in all, at fixed moments, in turns
//   sockets PORT COUNT REQUEST_FILE hear MESSAGES FIRST_MS EVERY_MS   so many pushes each, from the answer to the opening on
//
// REQUEST_FILE holds the opening. Prints "open" when all are, and at the end one line of JSON. How late a message is is told
// from the moment at which it was due, not from that at which it was sent.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "measuring.h"

enum { QUEUE = 64 };

typedef struct {
  int fd;
  size_t used;
  int64_t opened;
  int64_t heard;
  int64_t due[QUEUE];  // of the messages under way
  size_t first, waiting;
  char buffer[2100];
} Socket;

static int port, poll_fd, isEcho;
static size_t count, size;
static Socket *sockets;
static char opening[16384], frame[2100];
static size_t openingSize, frameSize;
static int64_t sent, got, expected, first, every, deadline, begun, ended;
static int64_t *late, lateRoom;

// One masked binary frame, the same each time: RFC 6455 5.2.
static void makeFrame(void) {
  frame[0] = (char)0x82;
  if (size < 126) {
    frame[1] = (char)(0x80 | size);
    frameSize = 2;
  } else {
    frame[1] = (char)(0x80 | 126);
    frame[2] = (char)(size >> 8);
    frame[3] = (char)size;
    frameSize = 4;
  }
  memcpy(frame + frameSize, "\x11\x22\x33\x44", 4);
  for (size_t i = 0; i < size; i++) frame[frameSize + 4 + i] = (char)('a' ^ "\x11\x22\x33\x44"[i % 4]);
  frameSize += 4 + size;
}

static void note(int64_t lateness) {
  if (got == lateRoom) late = realloc(late, (lateRoom = lateRoom ? lateRoom * 2 : 1 << 16) * sizeof *late);
  late[got++] = lateness;
}

static void say(Socket *socket, int64_t due) {
  if (socket->waiting == QUEUE) return;
  socket->due[(socket->first + socket->waiting++) % QUEUE] = due;
  sent++;
  if (send(socket->fd, frame, frameSize, MSG_NOSIGNAL) != (ssize_t)frameSize) fail("send");
}

static void hear(Socket *socket, int64_t at) {
  if (expected) return note(at - socket->opened - first - socket->heard++ * every);
  note(at - socket->due[socket->first]);
  socket->first = (socket->first + 1) % QUEUE;
  socket->waiting--;
  if (isEcho && at < deadline) say(socket, at);
}

// Takes whole frames out of what came.
static void parse(Socket *socket, int64_t at) {
  size_t place = 0;
  while (socket->used - place >= 2) {
    const unsigned char *head = (const unsigned char *)socket->buffer + place;
    if ((head[0] & 0x0F) == 8) {
      fprintf(stderr, "sockets: the server closed with %d\n", head[2] << 8 | head[3]);
      exit(1);
    }
    size_t length = head[1], whole = 2 + length;
    if (length == 126) {
      if (socket->used - place < 4) break;
      length = head[2] << 8 | head[3];
      whole = 4 + length;
    }
    if (socket->used - place < whole) break;
    hear(socket, at);
    place += whole;
  }
  memmove(socket->buffer, socket->buffer + place, socket->used -= place);
}

static void receive(Socket *socket) {
  ssize_t count = recv(socket->fd, socket->buffer + socket->used, sizeof socket->buffer - socket->used, 0);
  if (count <= 0) {
    fprintf(stderr, "sockets: the server ended a conversation\n");
    exit(1);
  }
  socket->used += count;
  parse(socket, now());
}

static void openOne(Socket *one) {
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  int yes = 1;
  one->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (one->fd < 0 || connect(one->fd, (struct sockaddr *)&to, sizeof to) < 0) fail("connect");
  setsockopt(one->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  if (send(one->fd, opening, openingSize, MSG_NOSIGNAL) != (ssize_t)openingSize) fail("send");
  char *end = NULL;
  while (!end) {
    ssize_t count = recv(one->fd, one->buffer + one->used, sizeof one->buffer - one->used, 0);
    if (count <= 0) fail("the opening");
    one->used += count;
    end = memmem(one->buffer, one->used, "\r\n\r\n", 4);
  }
  one->opened = now();
  if (memcmp(one->buffer, "HTTP/1.1 101", 12) != 0) {
    fprintf(stderr, "sockets: not opened: %.40s\n", one->buffer);
    exit(1);
  }
  memmove(one->buffer, end + 4, one->used -= end + 4 - one->buffer);
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = one};
  if (epoll_ctl(poll_fd, EPOLL_CTL_ADD, one->fd, &event) < 0) fail("epoll_ctl");
}

static void tell(double seconds, double cpu) {
  qsort(late, got, sizeof *late, ascending);
  int64_t p50 = got ? late[got / 2] : 0, p99 = got ? late[got * 99 / 100] : 0;
  printf("{\"sent\":%ld,\"got\":%ld,\"seconds\":%.6f,\"cpu_seconds\":%.6f,\"p50_us\":%.1f,\"p99_us\":%.1f}\n", (long)sent,
         (long)got, seconds, cpu, p50 / 1e3, p99 / 1e3);
}

static double processorSeconds(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

// Until nothing is waited for, and ten seconds beyond the end at most.
static void run(double rate) {
  struct epoll_event events[256];
  int64_t step = rate > 0 ? (int64_t)(1e9 / rate) : 0, next = begun;
  size_t turn = 0;
  for (;;) {
    int64_t at = now();
    while (step && next <= at && next < deadline) {
      say(&sockets[turn++ % count], next);
      next += step;
    }
    if (expected ? got >= expected * (int64_t)count : at >= deadline && got >= sent) break;
    if (at > deadline + 10000000000) break;
    int64_t wait = step && next < deadline ? next - at : 100000000;
    struct timespec limit = {.tv_sec = wait / 1000000000, .tv_nsec = wait % 1000000000};
    int ready = epoll_pwait2(poll_fd, events, 256, &limit, NULL);
    for (int i = 0; i < ready; i++) receive(events[i].data.ptr);
  }
  ended = now();
}

int main(int words, char **word) {
  if (words < 5) {
    fprintf(stderr, "usage: sockets PORT COUNT REQUEST_FILE idle|echo|pace|hear …\n");
    return 2;
  }
  port = atoi(word[1]);
  count = strtoul(word[2], NULL, 10);
  FILE *file = fopen(word[3], "r");
  if (!file || !(openingSize = fread(opening, 1, sizeof opening, file))) fail(word[3]);
  prctl(PR_SET_TIMERSLACK, 1);
  poll_fd = epoll_create1(EPOLL_CLOEXEC);
  sockets = calloc(count, sizeof *sockets);
  int isHearing = strcmp(word[4], "hear") == 0;
  double rate = strcmp(word[4], "pace") == 0 ? atof(word[7]) : 0;
  isEcho = strcmp(word[4], "echo") == 0;
  if (isHearing) {
    expected = atol(word[5]);
    first = atol(word[6]) * 1000000;
    every = atol(word[7]) * 1000000;
  }
  for (size_t i = 0; i < count; i++) openOne(&sockets[i]);
  printf("open\n");
  fflush(stdout);
  if (strcmp(word[4], "idle") == 0) {
    while (getchar() != EOF) continue;
    return 0;
  }
  if (!isHearing) {
    size = strtoul(word[6], NULL, 10);
    makeFrame();
  }
  double spent = processorSeconds();
  begun = now();
  deadline = begun + (isHearing ? first + (expected + 20) * every : (int64_t)(atof(word[5]) * 1e9));
  if (isEcho) {
    for (size_t i = 0; i < count; i++) say(&sockets[i], begun);
  }
  // What came with an opening's answer.
  for (size_t i = 0; i < count; i++) parse(&sockets[i], now());
  run(rate);
  tell((ended - begun) / 1e9, processorSeconds() - spent);
  return 0;
}

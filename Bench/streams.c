// Opens many server-sent-event streams on one epoll loop and tells how late each frame came.
//
//   streams PORT CONNECTIONS FRAMES FIRST_MS EVERY_MS RAMP_PER_SECOND REQUEST_FILE
//
// Frame k of a stream is due FIRST_MS + k * EVERY_MS after its request was sent. A frame is the bytes "data: ". Prints the
// line "open" when every stream has begun, and one line of JSON when all have ended or the time is up. Where thousands of
// frames a second come it never sleeps: waking it would be charged to the server's every write.
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

typedef struct {
  int64_t sent;  // nanoseconds; 0 until the request is written
  int fd;
  int frames;
  int matched;  // how much of "data: " the last bytes were
  int begun;
} Stream;

static const char mark[] = "data: ";

static int64_t connections, frames, first, every, ramp, port;
static int64_t begun, ended, got, *lateness;
static char request[16384];
static int64_t request_size;

static void start(Stream *stream, int poll) {
  stream->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (stream->fd < 0) fail("socket");
  int yes = 1;
  setsockopt(stream->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(0x7F000001)};
  if (connect(stream->fd, (struct sockaddr *)&to, sizeof to) < 0 && errno != EINPROGRESS) fail("connect");
  struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data.ptr = stream};
  if (epoll_ctl(poll, EPOLL_CTL_ADD, stream->fd, &event) < 0) fail("epoll_ctl");
}

static void finish(Stream *stream) {
  if (stream->fd < 0) return;
  close(stream->fd);
  stream->fd = -1;
  ended++;
}

static void note(Stream *stream, int64_t at) {
  if (stream->frames < frames) {
    lateness[got++] = at - (stream->sent + first + (int64_t)stream->frames * every);
  }
  stream->frames++;
}

static void take(Stream *stream, const char *bytes, ssize_t count, int64_t at) {
  for (ssize_t i = 0; i < count; i++) {
    stream->matched = bytes[i] == mark[stream->matched] ? stream->matched + 1 : bytes[i] == mark[0];
    if (mark[stream->matched] == 0) {
      stream->matched = 0;
      note(stream, at);
    }
  }
}

static void receive(Stream *stream) {
  static char buffer[65536];
  for (;;) {
    ssize_t count = recv(stream->fd, buffer, sizeof buffer, 0);
    if (count < 0 && errno == EAGAIN) return;
    if (count <= 0) return finish(stream);
    if (!stream->begun) {
      stream->begun = 1;
      begun++;
    }
    take(stream, buffer, count, now());
    // Edge-triggered: what comes later is told anew.
    if (count < (ssize_t)sizeof buffer) return;
  }
}

static void handle(struct epoll_event *event) {
  Stream *stream = event->data.ptr;
  if (stream->fd < 0) return;
  if (!stream->sent && (event->events & EPOLLOUT)) {
    stream->sent = now();
    if (send(stream->fd, request, request_size, MSG_NOSIGNAL) != request_size) return finish(stream);
  }
  if (event->events & (EPOLLIN | EPOLLHUP | EPOLLERR)) receive(stream);
}

static void report(void) {
  qsort(lateness, got, sizeof *lateness, ascending);
  printf("{\"expected\":%ld,\"got\":%ld,\"p50_us\":%.1f,\"p99_us\":%.1f,\"max_us\":%.1f}\n", connections * frames, got,
         got ? lateness[got / 2] / 1e3 : 0, got ? lateness[got * 99 / 100] / 1e3 : 0, got ? lateness[got - 1] / 1e3 : 0);
}

int main(int count, char **words) {
  if (count != 8) {
    fprintf(stderr, "usage: streams PORT CONNECTIONS FRAMES FIRST_MS EVERY_MS RAMP_PER_SECOND REQUEST_FILE\n");
    return 2;
  }
  port = atol(words[1]), connections = atol(words[2]), frames = atol(words[3]);
  first = atol(words[4]) * 1000000, every = atol(words[5]) * 1000000, ramp = atol(words[6]);
  FILE *file = fopen(words[7], "r");
  if (!file) fail(words[7]);
  request_size = fread(request, 1, sizeof request, file);
  struct rlimit limit = {.rlim_cur = connections + 64, .rlim_max = connections + 64};
  struct rlimit held;
  getrlimit(RLIMIT_NOFILE, &held);
  if (held.rlim_cur < limit.rlim_cur && setrlimit(RLIMIT_NOFILE, &limit) < 0) fail("RLIMIT_NOFILE");
  prctl(PR_SET_TIMERSLACK, 1L);

  Stream *streams = calloc(connections, sizeof *streams);
  lateness = calloc(connections * frames, sizeof *lateness);
  int poll = epoll_create1(EPOLL_CLOEXEC);
  struct epoll_event events[1024];
  int64_t began = now(), started = 0, told = 0;
  int64_t deadline = began + connections * 1000000000 / ramp + first + frames * every + 10000000000;

  int isBusy = frames > 1 && connections * 1000000000 / every > 5000;

  while (ended < connections && now() < deadline) {
    int64_t due = (now() - began) * ramp / 1000000000 + 1;
    while (started < connections && started < due) start(&streams[started++], poll);
    int ready = epoll_wait(poll, events, 1024, isBusy ? 0 : started < connections ? 1 : 100);
    for (int i = 0; i < ready; i++) handle(&events[i]);
    if (!told && begun == connections) {
      told = 1;
      printf("open\n");
      fflush(stdout);
    }
  }
  report();
  return 0;
}

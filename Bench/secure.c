// A client over TLS 1.3 that trusts whom it meets: what is measured is the server.
//
//   secure PORT requests CONNECTIONS SECONDS FILE   keep-alive; one request on each connection at a time
//   secure PORT handshakes SECONDS                  full handshakes, one after the other, each on a connection of its own
//   secure PORT idle CONNECTIONS FILE               one request on each connection; prints "open", and holds them until its
//                                                   standard input ends
//
// FILE holds requests, each behind a line with its length in bytes; they are sent in their order, over and over. Prints one
// line of JSON. Connections are blocking: all are asked, then all are read, so the server is never without work.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "requests.h"

static int port;
static SSL_CTX *context;

static SSL *opened(void) {
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), yes = 1;
  if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof to) < 0) fail("connect");
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  struct timeval patience = {.tv_sec = 10};
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  SSL *session = SSL_new(context);
  SSL_set_fd(session, fd);
  SSL_set_tlsext_host_name(session, "localhost");
  if (SSL_connect(session) != 1) {
    fprintf(stderr, "secure: the handshake failed\n");
    exit(1);
  }
  return session;
}

static void closed(SSL *session) {
  int fd = SSL_get_fd(session);
  SSL_free(session);
  close(fd);
}

static void ask(SSL *session, size_t number) {
  Request request = requests[number % made];
  if (SSL_write(session, request.bytes, request.size) != (int)request.size) {
    fprintf(stderr, "secure: a request was not taken\n");
    exit(1);
  }
}

// False unless a whole 200 came.
static int answered(SSL *session) {
  static char buffer[65536];
  size_t used = 0, whole = 0;
  while (!whole || used < whole) {
    int count = SSL_read(session, buffer + used, sizeof buffer - used);
    if (count <= 0) return 0;
    used += count;
    char *end = whole ? NULL : memmem(buffer, used, "\r\n\r\n", 4);
    if (!end) continue;
    char *length = memmem(buffer, end - buffer, "Content-Length:", 15);
    if (!length) return 0;
    whole = end + 4 - buffer + strtoul(length + 15, NULL, 10);
  }
  return memcmp(buffer, "HTTP/1.1 200", 12) == 0;
}

static void tell(size_t done, size_t failed, int64_t began) {
  printf("{\"done\":%zu,\"failed\":%zu,\"seconds\":%.6f}\n", done, failed, (now() - began) / 1e9);
}

static void keepAlive(size_t many, double seconds) {
  SSL **sessions = calloc(many, sizeof *sessions);
  for (size_t i = 0; i < many; i++) sessions[i] = opened();
  int64_t began = now(), deadline = began + (int64_t)(seconds * 1e9);
  size_t sent = 0, failed = 0;
  while (now() < deadline) {
    for (size_t i = 0; i < many; i++) ask(sessions[i], sent++);
    for (size_t i = 0; i < many; i++) failed += !answered(sessions[i]);
  }
  tell(sent, failed, began);
}

static void handshakes(double seconds) {
  int64_t began = now(), deadline = began + (int64_t)(seconds * 1e9);
  size_t done = 0;
  for (; now() < deadline; done++) closed(opened());
  tell(done, 0, began);
}

static void idle(size_t many) {
  int64_t began = now();
  size_t failed = 0;
  for (size_t i = 0; i < many; i++) {
    SSL *session = opened();
    ask(session, i);
    failed += !answered(session);
  }
  printf("open\n");
  fflush(stdout);
  while (getchar() != EOF) continue;
  tell(many, failed, began);
}

int main(int count, char **words) {
  if (count < 4) {
    fprintf(stderr, "usage: secure PORT requests|handshakes|idle …\n");
    return 2;
  }
  port = atoi(words[1]);
  context = SSL_CTX_new(TLS_client_method());
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION);
  if (strcmp(words[2], "requests") == 0 && count == 6) {
    readRequests(words[5]);
    keepAlive(strtoul(words[3], NULL, 10), atof(words[4]));
  } else if (strcmp(words[2], "idle") == 0 && count == 5) {
    readRequests(words[4]);
    idle(strtoul(words[3], NULL, 10));
  } else {
    handshakes(atof(words[3]));
  }
  return 0;
}

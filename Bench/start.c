// How long a server takes from its start to its first answer.
//
//   start PORT REQUEST_FILE TIMES COMMAND [ARGUMENT…]
//
// Starts the command, connects until it can, sends the request, waits for the first bytes of the answer, stops the command with
// SIGTERM. Prints one figure a start, in microseconds.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "measuring.h"

extern char **environ;

static int connected(int port, int64_t deadline) {
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  while (now() < deadline) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(fd, (struct sockaddr *)&to, sizeof to) == 0) return fd;
    close(fd);
    nanosleep(&(struct timespec){.tv_nsec = 20000}, NULL);
  }
  return -1;
}

static pid_t spawned(char **command) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
  pid_t pid;
  int error = posix_spawnp(&pid, command[0], &actions, NULL, command, environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error) {
    fprintf(stderr, "start: %s: %s\n", command[0], strerror(error));
    exit(1);
  }
  return pid;
}

int main(int count, char **words) {
  if (count < 5) {
    fprintf(stderr, "usage: start PORT REQUEST_FILE TIMES COMMAND [ARGUMENT…]\n");
    return 2;
  }
  char request[16384], answer[65536];
  FILE *file = fopen(words[2], "r");
  size_t size = file ? fread(request, 1, sizeof request, file) : 0;
  for (int i = 0; i < atoi(words[3]); i++) {
    int64_t began = now();
    pid_t pid = spawned(words + 4);
    int fd = connected(atoi(words[1]), began + 10000000000);
    int good = fd >= 0 && send(fd, request, size, MSG_NOSIGNAL) == (ssize_t)size && recv(fd, answer, sizeof answer, 0) > 12;
    int64_t ended = now();
    if (fd >= 0) close(fd);
    kill(pid, SIGTERM);
    waitpid(pid, NULL, 0);
    if (!good || memcmp(answer, "HTTP/1.1 200", 12) != 0) {
      fprintf(stderr, "start: no good answer from %s\n", words[4]);
      return 1;
    }
    printf("%.1f\n", (ended - began) / 1e3);
  }
  return 0;
}

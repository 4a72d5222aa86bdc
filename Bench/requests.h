// Prepared requests out of a file that holds them, each behind a line with its length in bytes.
#ifndef REQUESTS_H
#define REQUESTS_H

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "measuring.h"

typedef struct {
  const char *bytes;
  size_t size;
} Request;

static Request *requests;
static size_t made;

static void readRequests(const char *path) {
  int fd = open(path, O_RDONLY);
  struct stat status;
  if (fd < 0 || fstat(fd, &status) < 0) fail(path);
  const char *at = mmap(NULL, status.st_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
  if (at == MAP_FAILED) fail(path);
  const char *end = at + status.st_size;
  size_t room = 0;
  while (at < end) {
    char *after;
    size_t size = strtoul(at, &after, 10);
    if (made == room) requests = realloc(requests, (room = room ? room * 2 : 1024) * sizeof *requests);
    requests[made++] = (Request){after + 1, size};
    at = after + 1 + size;
  }
  if (!made || at != end) {
    fprintf(stderr, "%s holds no requests behind their lengths\n", path);
    exit(2);
  }
}

#endif

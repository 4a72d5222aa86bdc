// The page at /_understudy/, as bytes of the program itself: the files under `page`, embedded when this is compiled.
#pragma once
#include <stddef.h>

/// One file of the page.
typedef struct {
    /// As it stands in the URL behind /_understudy/; empty for the page itself.
    const char *path;
    const char *content_type;
    const unsigned char *bytes;
    size_t count;
} dashboard_file;

/// Files of the page.
size_t dashboard_count(void);
/// The file at this place of the list.
dashboard_file dashboard_at(size_t index);

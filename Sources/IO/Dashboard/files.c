#include "Dashboard.h"

// C23 6.10.4: "A #embed preprocessing directive expands to a list of the integer constant expressions" of a file's
// bytes. A file that changed is compiled again, as a header would be, and the program needs no file beside it.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char index_html[] = {
#embed "page/index.html"
};
static const unsigned char style_css[] = {
#embed "page/style.css"
};
static const unsigned char icon_svg[] = {
#embed "page/icon.svg"
};
static const unsigned char main_js[] = {
#embed "page/main.js"
};
static const unsigned char parts_js[] = {
#embed "page/parts.js"
};
static const unsigned char server_js[] = {
#embed "page/server.js"
};
static const unsigned char rows_js[] = {
#embed "page/rows.js"
};
static const unsigned char calls_js[] = {
#embed "page/calls.js"
};
static const unsigned char call_js[] = {
#embed "page/call.js"
};
static const unsigned char json_js[] = {
#embed "page/json.js"
};
static const unsigned char timeline_js[] = {
#embed "page/timeline.js"
};
static const unsigned char faults_js[] = {
#embed "page/faults.js"
};
static const unsigned char parameters_js[] = {
#embed "page/parameters.js"
};
static const unsigned char people_js[] = {
#embed "page/people.js"
};
static const unsigned char picture_js[] = {
#embed "page/picture.js"
};
static const unsigned char verdicts_js[] = {
#embed "page/verdicts.js"
};

#define SCRIPT "text/javascript; charset=utf-8"
#define FILE(path, type, name) {path, type, name, sizeof name}

static const dashboard_file files[] = {
    FILE("", "text/html; charset=utf-8", index_html),
    FILE("ui/style.css", "text/css; charset=utf-8", style_css),
    FILE("ui/icon.svg", "image/svg+xml", icon_svg),
    FILE("ui/main.js", SCRIPT, main_js),
    FILE("ui/parts.js", SCRIPT, parts_js),
    FILE("ui/server.js", SCRIPT, server_js),
    FILE("ui/rows.js", SCRIPT, rows_js),
    FILE("ui/calls.js", SCRIPT, calls_js),
    FILE("ui/call.js", SCRIPT, call_js),
    FILE("ui/json.js", SCRIPT, json_js),
    FILE("ui/timeline.js", SCRIPT, timeline_js),
    FILE("ui/faults.js", SCRIPT, faults_js),
    FILE("ui/parameters.js", SCRIPT, parameters_js),
    FILE("ui/people.js", SCRIPT, people_js),
    FILE("ui/picture.js", SCRIPT, picture_js),
    FILE("ui/verdicts.js", SCRIPT, verdicts_js),
};

size_t dashboard_count(void) { return sizeof files / sizeof *files; }
dashboard_file dashboard_at(size_t index) { return files[index]; }

#define _GNU_SOURCE
#include "CShims.h"

int shim_placeholder(void) { return 0; }

// The few system calls and macros that Swift's Glibc module does not show.
#pragma once
#include <stdint.h>

int shim_placeholder(void);

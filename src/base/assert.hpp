#pragma once

namespace vt::base {

/// Prints the failed condition and aborts. Not for bad input: that is an Error.
[[noreturn]] void assertion_failed(const char* condition, const char* file, int line);

}  // namespace vt::base

/// A programmer's error: stays on in release. Arguments, results, invariants; one condition each.
#define VT_ASSERT(condition)                                                         \
    do {                                                                             \
        if (!(condition)) [[unlikely]]                                               \
            ::vt::base::assertion_failed(#condition, __FILE__, __LINE__);            \
    } while (false)

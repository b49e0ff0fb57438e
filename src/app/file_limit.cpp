#include "app/file_limit.hpp"

#include <sys/resource.h>

#include <algorithm>

namespace vt::app {

void raise_file_limit() {
    constexpr rlim_t kEnough = 65'536;
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    const rlim_t wanted = std::min(limit.rlim_max, kEnough);
    if (limit.rlim_cur >= wanted) return;
    limit.rlim_cur = wanted;
    (void)::setrlimit(RLIMIT_NOFILE, &limit);  // else it stays as it was, and the doctor says so
}

}  // namespace vt::app

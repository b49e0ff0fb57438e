#pragma once

#include <sys/uio.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

namespace vt {

/// By a system call that no way to the disk uses, so that it comes out where those fail.
inline void say(int descriptor, std::string line) {
    line += '\n';
    const iovec part{.iov_base = line.data(), .iov_len = line.size()};
    (void)!::writev(descriptor, &part, 1);
}

/// Says what is wrong and ends. in: code: 1: it must not be so; 3: the disk said no to the end
[[noreturn]] inline void end(int code, const std::string& why) {
    say(STDERR_FILENO, why);
    std::exit(code);
}

/// An acknowledgement is one when somebody has it.
inline void acknowledge(const std::string& what) { say(STDOUT_FILENO, what); }

}  // namespace vt

#include "config/default_file.hpp"

namespace vt::config {

std::string first_file() {
    std::string out =
        "# Virtuoso's configuration. Every value below is the default: take the '#' away from those you change. A "
        "flag wins\n"
        "# over a variable, a variable over this file. `virtuoso config check` says what is wrong, `virtuoso config "
        "diff` what\n"
        "# you have changed.\n";
    std::string_view left = default_file();
    left.remove_prefix(left.find("\n\n") + 1);  // its own head says how to begin such a file
    while (!left.empty()) {
        const std::size_t end = left.find('\n');
        const std::string_view line = left.substr(0, end);
        if (!line.empty() && line.front() != '#' && line.front() != '[') out += '#';
        out.append(line).push_back('\n');
        left.remove_prefix(end == std::string_view::npos ? left.size() : end + 1);
    }
    return out;
}

}  // namespace vt::config

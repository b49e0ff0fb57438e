#pragma once

#include <cstdio>
#include <cstdlib>
#include <set>
#include <string>

namespace vt::confluence::test {

/// All "Suite.Name" that the unit tests define.
inline std::set<std::string> defined_tests() {
    std::set<std::string> names;
    const std::string command =
        "grep -rhoE --include='*_test.cpp' '^TEST(_F|_P)?\\([A-Za-z0-9]+, [A-Za-z0-9]+\\)' '" VT_SOURCE_DIR "/src'";
    FILE* pipe = popen(command.c_str(), "r");
    char* line = nullptr;
    std::size_t capacity = 0;
    while (pipe != nullptr && getline(&line, &capacity, pipe) > 0) {
        const std::string text = line;
        const std::size_t open = text.find('(');
        const std::size_t comma = text.find(", ");
        names.insert(text.substr(open + 1, comma - open - 1) + "." +
                     text.substr(comma + 2, text.find(')') - comma - 2));
    }
    std::free(line);
    if (pipe != nullptr) pclose(pipe);
    return names;
}

}  // namespace vt::confluence::test

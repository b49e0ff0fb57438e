#pragma once

// The messages under tests/data. Tests only.

#include <fstream>  // layer-ok: read by tests only
#include <sstream>
#include <string>
#include <vector>

namespace vt::exchange {

inline std::string test_file(const std::string& name) {
    std::ifstream file(std::string(VT_SOURCE_DIR) + "/tests/data/" + name, std::ios::binary);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

inline std::vector<std::string> test_lines(const std::string& name) {
    std::stringstream text(test_file(name));
    std::vector<std::string> lines;
    for (std::string line; std::getline(text, line);) lines.push_back(line);
    return lines;
}

}  // namespace vt::exchange

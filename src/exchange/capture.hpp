#pragma once

// The recorded captures, which are beside the project or not there. Tests only.

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>  // layer-ok: tests only
#include <iostream>    // layer-ok: tests only
#include <memory>
#include <string>
#include <vector>

namespace vt::exchange {

/// Where the shared data is: $VIRTUOSO_SHARED, or ../shared next to the source tree (and next to a worktree's
/// parent).
inline std::string capture_path(const std::string& name) {
    std::vector<std::string> roots;
    if (const char* root = std::getenv("VIRTUOSO_SHARED")) roots.emplace_back(root);
    roots.push_back(std::string(VT_SOURCE_DIR) + "/../shared");
    roots.emplace_back(VT_SOURCE_DIR "/../../shared");
    for (const std::string& root : roots) {
        const std::string path = root + "/data/raw/" + name;
        if (std::filesystem::exists(path)) return path;
    }
    return {};
}

/// The lines of a zstd file.
inline std::vector<std::string> capture_lines(const std::string& path) {
    std::vector<std::string> lines;
    const auto close = [](FILE* pipe) { return pclose(pipe); };
    const std::unique_ptr<FILE, decltype(close)> pipe(popen(("zstdcat '" + path + "'").c_str(), "r"), close);
    if (!pipe) return lines;
    std::string text;
    std::vector<char> block(1U << 20U);
    for (std::size_t count = 0; (count = fread(block.data(), 1, block.size(), pipe.get())) > 0;) {
        text.append(block.data(), count);
    }
    std::size_t begin = 0;
    for (std::size_t end = 0; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1) {
        lines.push_back(text.substr(begin, end - begin));
    }
    if (begin < text.size()) lines.push_back(text.substr(begin));
    return lines;
}

}  // namespace vt::exchange

#define VT_SKIP_WITHOUT(path, name)                                                                          \
    if ((path).empty()) {                                                                                    \
        std::cout << "\n*** NOT TESTED: the capture " << (name) << " is not here; set VIRTUOSO_SHARED ***\n" \
                  << std::endl;                                                                              \
        GTEST_SKIP() << "capture " << (name) << " is absent";                                                \
    }

#include "confluence/defined_tests.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace vt::confluence {
namespace {

std::string text_of(const std::string& path) {
    std::ifstream in(path);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

/// What stands between backquotes, in order.
std::vector<std::string> quoted_in(const std::string& text) {
    std::vector<std::string> found;
    for (std::size_t open = text.find('`'); open != std::string::npos; open = text.find('`', open)) {
        const std::size_t close = text.find('`', open + 1);
        if (close == std::string::npos) break;
        found.push_back(text.substr(open + 1, close - open - 1));
        open = close + 1;
    }
    return found;
}

/// The keys of the top level of a JSON object whose texts have no escapes.
std::vector<std::string> keys_of(const std::string& json) {
    std::vector<std::string> keys;
    int depth = 0;
    for (std::size_t i = 0; i < json.size(); ++i) {
        if (json[i] == '{' || json[i] == '[') ++depth;
        if (json[i] == '}' || json[i] == ']') --depth;
        if (json[i] != '"') continue;
        const std::size_t close = json.find('"', i + 1);
        if (depth == 1 && json[close + 1] == ':') keys.push_back(json.substr(i + 1, close - i - 1));
        i = close;
    }
    return keys;
}

const std::string kPage = text_of(VT_SOURCE_DIR "/docs/indicators/vectors.md");

}  // namespace

TEST(Vectors, EveryEntryIsListedWithATestThatExists) {
    const auto defined = test::defined_tests();
    std::istringstream lines(kPage);
    int rows = 0;
    for (std::string line; std::getline(lines, line);) {
        const bool is_row = line.starts_with("| `") || line.starts_with("| V");
        if (!is_row) continue;
        ++rows;
        auto names = quoted_in(line);
        if (line.starts_with("| `")) names.erase(names.begin());
        EXPECT_FALSE(names.empty()) << line;
        for (const std::string& name : names) EXPECT_TRUE(defined.contains(name)) << name << " does not exist";
    }
    EXPECT_GT(rows, 30);
}

TEST(Vectors, NoEntryOfTheFileIsForgotten) {
    const char* given = std::getenv("VIRTUOSO_SHARED");
    const std::string folder = given != nullptr ? given : VT_SOURCE_DIR "/../shared";
    const std::string json = text_of(folder + "/spec/test_vectors.json");
    if (json.empty()) GTEST_SKIP() << "test_vectors.json is not here: set VIRTUOSO_SHARED";
    const auto listed = quoted_in(kPage);
    const auto keys = keys_of(json);
    EXPECT_GT(keys.size(), 40U);
    for (const std::string& key : keys) {
        EXPECT_EQ(std::count(listed.begin(), listed.end(), key), 1) << key << " is to be listed once";
    }
}

}  // namespace vt::confluence

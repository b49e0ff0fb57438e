#include "base/version.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

namespace vt {

TEST(Version, IsTheOneOfTheBuild) {
    std::ifstream in(VT_SOURCE_DIR "/CMakeLists.txt");
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    EXPECT_NE(text.find("project(virtuoso VERSION " + std::string(kVersion) + " "), std::string::npos);
}

}  // namespace vt

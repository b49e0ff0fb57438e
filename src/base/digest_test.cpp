#include "base/digest.hpp"

#include <gtest/gtest.h>

namespace vt {

TEST(Digest, IsSha256AndCanBeReadOnTheWay) {
    Digest digest;
    EXPECT_EQ(digest.hex(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    digest.update("a");
    (void)digest.hex();
    digest.update("bc");
    EXPECT_EQ(digest.hex(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

}  // namespace vt

#pragma once

#include "obs/log.hpp"

#include <gtest/gtest.h>

#include <string_view>

namespace vt::obs {

/// A test's guard: a warning or an error that is logged while it lives, and that the test did not expect, fails the
/// test. Included by tests only.
class FailOnWarning {
public:
    FailOnWarning() = default;
    FailOnWarning(const FailOnWarning&) = delete;
    FailOnWarning& operator=(const FailOnWarning&) = delete;
    ~FailOnWarning() {
        for (const std::string& line : capture_.warnings()) ADD_FAILURE() << "unexpected log line: " << line;
    }

    /// Expects that a warning which contains `part` was logged, and forgets all lines so far.
    void expect(std::string_view part) {
        bool found = false;
        for (const std::string& line : capture_.warnings()) {
            if (line.find(part) != std::string::npos) {
                found = true;
            } else {
                ADD_FAILURE() << "unexpected log line: " << line;
            }
        }
        EXPECT_TRUE(found) << "no warning with \"" << part << "\"";
        capture_.clear();
    }
    /// Forgets all lines so far, whatever they are.
    void forget() { capture_.clear(); }
    [[nodiscard]] const LogCapture& capture() const { return capture_; }

private:
    LogCapture capture_;
};

}  // namespace vt::obs

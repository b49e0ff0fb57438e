#pragma once

#include "history/table.hpp"

#include <cstddef>
#include <string>

namespace vt::history {

/// What is wrong with the values of a row, as a phrase ("has a high of 99 below its open or close"); empty: nothing.
///   in: a row that has all required columns
[[nodiscard]] std::string contradiction(const Table& rows, std::size_t row);

}  // namespace vt::history

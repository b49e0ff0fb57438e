#pragma once

#include "analysis/leaf.hpp"

#include <optional>
#include <span>
#include <string_view>

namespace vt::confluence {

/// Which test holds a component to its definition: "Suite.Name", as the test programs list it.
struct ComponentCheck {
    analysis::Dimension dimension = analysis::Dimension::order_flow;
    std::string_view component;
    std::string_view test;
};
/// One entry for each component of each installed dimension, in their order.
[[nodiscard]] std::span<const ComponentCheck> component_checks();
/// out: absent for a component that is in no table
[[nodiscard]] std::optional<std::string_view> test_of(analysis::Dimension dimension, std::string_view component);

}  // namespace vt::confluence

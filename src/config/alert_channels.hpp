#pragma once

#include "alerts/outbox.hpp"
#include "base/result.hpp"
#include "config/config.hpp"
#include "notify/channel.hpp"

#include <vector>

namespace vt::config {

/// The channels that are configured: at most one of each kind, named by its kind.
///   errors: configuration: what is incomplete or not an address of its kind, and the remedy; never a secret
[[nodiscard]] Result<std::vector<notify::Channel>> alert_channels(const Config& config);
/// How each of them wants to be spoken to.
[[nodiscard]] std::vector<alerts::ChannelTerms> channel_terms(const Config& config,
                                                              const std::vector<notify::Channel>& channels);

}  // namespace vt::config

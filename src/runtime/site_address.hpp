#pragma once

#include "config/config.hpp"
#include "exchange/protocol.hpp"

#include <string>
#include <vector>

namespace vt::runtime {

/// Where a followed site is reached, and by which way, as the configuration says.
struct SiteAddress {
    exchange::Site site = exchange::Site::bybit;
    std::string rest_url, stream_url, ca_file, proxy, local_address;
};

/// Of every site that is followed.
[[nodiscard]] std::vector<SiteAddress> configured_addresses(const config::Config& config);

}  // namespace vt::runtime

#include "runtime/site_address.hpp"

namespace vt::runtime {

std::vector<SiteAddress> configured_addresses(const config::Config& config) {
    const config::Config::Bybit& bybit = config.bybit;
    const config::Config::Binance& binance = config.binance;
    std::vector<SiteAddress> addresses = {
        {exchange::Site::bybit, bybit.rest_url, bybit.stream_url, bybit.ca_file, bybit.proxy, bybit.local_address}};
    for (const std::string& market : binance.markets) {
        const bool is_spot = market == "spot";
        addresses.push_back({is_spot ? exchange::Site::binance_spot : exchange::Site::binance_futures,
                             is_spot ? binance.spot_rest_url : binance.futures_rest_url,
                             is_spot ? binance.spot_stream_url : binance.futures_stream_url, binance.ca_file,
                             binance.proxy, binance.local_address});
    }
    return addresses;
}

}  // namespace vt::runtime

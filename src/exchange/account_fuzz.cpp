// Any bytes, as a failed reply of each site, as key information and as every account payload: no crash, all or
// nothing.

#include "base/assert.hpp"
#include "exchange/binance/account_codec.hpp"
#include "exchange/bybit/account_codec.hpp"
#include "exchange/key_information.hpp"
#include "exchange/venue_error.hpp"

#include <cstdint>
#include <string_view>

namespace vt::exchange {
namespace {

void check_error(Site site, int status, std::string_view text) {
    const Timestamp now = from_ms(1'700'000'000'000);
    const auto error =
        error_in({.site = site, .status = status, .headers = text, .body = text, .is_write = true, .received = now});
    if (!error) {
        VT_ASSERT(status == 200);
        return;
    }
    VT_ASSERT((error->remedy == Remedy::wait) == error->wait_until.has_value());
    VT_ASSERT(!error->wait_until ||
              (*error->wait_until >= now && *error->wait_until <= now + std::chrono::hours{72}));
    VT_ASSERT(!error->text.empty());
}

}  // namespace
}  // namespace vt::exchange

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace vt::exchange;
    static bybit::AccountCodec bybit_codec;
    static binance::AccountCodec binance_codec;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    for (const Site site : {Site::bybit, Site::binance_futures, Site::binance_spot}) {
        for (const int status : {0, 200, 403, 418, 429, 451, 503}) check_error(site, status, text);
        static_cast<void>(read_key_information(site, text));
    }
    static_cast<void>(bybit_codec.orders(text));
    static_cast<void>(bybit_codec.executions(text));
    static_cast<void>(bybit_codec.positions(text));
    static_cast<void>(bybit_codec.balances(text));
    static_cast<void>(binance_codec.orders(text));
    static_cast<void>(binance_codec.executions(text));
    static_cast<void>(binance_codec.positions(text));
    static_cast<void>(binance_codec.balances(text));
    static_cast<void>(binance_codec.event(text));
    return 0;
}

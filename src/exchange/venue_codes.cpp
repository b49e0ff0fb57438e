#include "exchange/venue_codes.hpp"

#include <algorithm>

namespace vt::exchange {
namespace {

using enum ErrorClass;

// https://bybit-exchange.github.io/docs/v5/error, read 2026-07-24
constexpr CodeRange kBybit[] = {
    {10006, 10006, rate},  // too many visits
    {10018, 10018, rate},  // the same, by address
    {10429, 10429, rate},
    {429, 429, rate},
    {20003, 20003, rate},    // stream orders: too frequent
    {10403, 10403, rate},    // streams: this address asks too often
    {170222, 170222, rate},  // spot
    {10002, 10002, clock},   // request time outside the window
    {-1, -1, clock},
    {10003, 10005, authentication},  // key, signature, permission
    {10007, 10010, authentication},  // login, address not bound or banned
    {10027, 10029, authentication},
    {33004, 33004, authentication},  // expired
    {-2015, -2015, authentication},
    {10024, 10024, geo_block},        // the venue's rules do not serve this account here
    {10000, 10000, unknown_outcome},  // server timeout
    {10016, 10016, unknown_outcome},  // server error
    {10019, 10019, unknown_outcome},
    {170146, 170147, unknown_outcome},  // order creation, cancellation timed out
    {170310, 170310, unknown_outcome},
    {10001, 10001, parameters},  // "position idx not match position mode" too
    {10014, 10014, parameters},
    {10017, 10017, parameters},
    {10404, 10404, parameters},
    {20001, 20001, parameters},
    {20006, 20006, parameters},  // stream orders: request id used before
    {110001, 110001, gone},      // order unknown or too late to cancel
    {110008, 110008, gone},
    {110010, 110010, gone},
    {170213, 170213, gone},
    {170139, 170139, gone},
    {170142, 170143, gone},
    {140001, 140001, gone},
    {110072, 110072, duplicate},
    {170141, 170141, duplicate},
    {110004, 110004, funds},
    {110006, 110007, funds},
    {110012, 110012, funds},
    {110014, 110014, funds},
    {110044, 110045, funds},
    {110051, 110053, funds},
    {170131, 170131, funds},
    {170033, 170033, funds},
    {110013, 110013, risk},
    {110021, 110023, risk},
    {110039, 110040, risk},
    {110046, 110046, risk},
    {110048, 110048, risk},
    {110085, 110090, risk},
    {30228, 30228, risk},
    {110063, 110063, risk},
    {110066, 110066, halt},
    {110074, 110074, halt},
    {110017, 110017, reduce_only},  // nothing, or nothing more, to reduce
    {110003, 110003, filter},
    {110094, 110094, filter},  // below the least notional
    {110120, 110121, filter},
    {30208, 30209, filter},
    {170124, 170124, filter},
    {170132, 170140, filter},
    {170192, 170194, filter},
    {170371, 170372, filter},
    {170381, 170382, filter},
    {110025, 110027, no_change},
    {110043, 110043, no_change},
    {34040, 34040, no_change},
    {110024, 110024, risk},  // the mode cannot change with positions or orders open
    {110028, 110028, risk},
    {110057, 110061, trigger},
    {110092, 110093, trigger},
    {110118, 110118, filter},  // a market order's cap found no book
    {110079, 110079, busy},
    {170191, 170191, busy},
    {40004, 40004, busy},
};

// https://github.com/binance/binance-spot-api-docs errors.md and the futures' error codes, read 2026-07
constexpr CodeRange kBinance[] = {
    {-1003, -1003, rate},  // too many requests; the message may name a ban's end
    {-1015, -1015, rate},  // too many orders
    {-1034, -1034, rate},  // too many connections
    {-1021, -1021, clock},
    {-1002, -1002, authentication},
    {-1022, -1022, authentication},
    {-2008, -2008, authentication},
    {-2015, -2014, authentication},
    {-1109, -1109, authentication},  // the account is not active
    {-1125, -1125, authentication},  // the listen key is no more: a new one
    {-1001, -1000, unknown_outcome},
    {-1007, -1006, unknown_outcome},
    {-1016, -1016, unknown_outcome},  // the service shuts down
    {-1008, -1008, overload},         // throttled by the system: not executed
    {-1130, -1100, parameters},       // precision among them: -1111
    {-4014, -4014, filter},           // price off the tick
    {-4023, -4023, filter},           // quantity off the step
    {-4015, -4001, parameters},
    {-4061, -4061, parameters},  // position side against the account's mode
    {-4120, -4120, parameters},  // conditional orders have their own endpoint
    {-1013, -1013, filter},
    {-4164, -4164, filter},  // below the least notional
    {-4131, -4131, filter},  // price against the best price
    {-4016, -4016, filter},
    {-4024, -4024, filter},
    {-2019, -2018, funds},
    {-2024, -2024, funds},
    {-2027, -2027, risk},  // above what the leverage allows
    {-2011, -2011, gone},
    {-2013, -2013, gone},  // right after sending it may be that a replica does not know the order yet
    {-2026, -2026, gone},
    {-2022, -2022, reduce_only},
    {-4118, -4118, reduce_only},
    {-2021, -2021, trigger},  // would trigger at once
    {-5022, -5022, post_only},
    {-4116, -4116, duplicate},
    {-4046, -4046, no_change},  // margin type
    {-4059, -4059, no_change},  // position side
    {-4403, -4400, halt},
    {-2016, -2016, halt},
};

std::optional<ErrorClass> find(std::span<const CodeRange> codes, int code) {
    const auto found = std::find_if(codes.begin(), codes.end(), [&](const CodeRange& range) {
        return range.first <= code && code <= range.last;
    });
    return found == codes.end() ? std::nullopt : std::optional(found->kind);
}

}  // namespace

std::span<const CodeRange> bybit_codes() { return kBybit; }
std::span<const CodeRange> binance_codes() { return kBinance; }
std::optional<ErrorClass> bybit_class(int code) { return find(kBybit, code); }
std::optional<ErrorClass> binance_class(int code) { return find(kBinance, code); }

}  // namespace vt::exchange

#include "sim/symbol.hpp"

namespace vt::sim {

std::string_view name(Truth truth) {
    switch (truth) {
        case Truth::none: return "none";
        case Truth::lagged: return "lagged";
        case Truth::in_step: return "in_step";
        case Truth::beta_break: return "beta_break";
        case Truth::reverting: return "reverting";
        case Truth::flow: return "flow";
        case Truth::absorption: return "absorption";
        case Truth::iceberg: return "iceberg";
        case Truth::spoof: return "spoof";
        case Truth::wall: return "wall";
        case Truth::whale: return "whale";
        case Truth::thin: return "thin";
        case Truth::new_listing: return "new_listing";
        case Truth::no_edge: return "no_edge";
        case Truth::cascade: return "cascade";
        case Truth::crowded: return "crowded";
        case Truth::decoupled: return "decoupled";
        case Truth::quadrants: return "quadrants";
    }
    return "none";
}

SymbolParams with_truth(SymbolParams params, Truth truth) {
    params.truth = truth;
    switch (truth) {
        case Truth::lagged:
            params.beta = 1.4;
            params.lag = std::chrono::seconds{2};
            break;
        case Truth::in_step:
            params.beta = 1.8;
            params.lag = Nanos{0};
            break;
        case Truth::beta_break:
        case Truth::decoupled: params.beta = 1.5; break;
        case Truth::no_edge: params.beta = 0; break;
        case Truth::none:
        case Truth::reverting:
        case Truth::flow:
        case Truth::absorption:
        case Truth::iceberg:
        case Truth::spoof:
        case Truth::wall:
        case Truth::whale:
        case Truth::thin:
        case Truth::new_listing:
        case Truth::cascade:
        case Truth::crowded:
        case Truth::quadrants: break;
    }
    return params;
}

SymbolParams bitcoin_like() {
    return SymbolParams{.symbol = "BTCUSDT",
                        .base = "BTC",
                        .tick_size = Decimal{.mantissa = 1, .scale = 1},
                        .lot_size = Decimal{.mantissa = 1, .scale = 3},
                        .price = 61800,
                        .beta = 1,
                        .idio_bps = 5};
}

}  // namespace vt::sim

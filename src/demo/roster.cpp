#include "demo/roster.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace vt::demo {
namespace {

struct Row {
    const char* base;
    Decimal tick;
    Decimal lot;
    double price;
    double activity;
    double size;
    double beta;
    int lag_ms;
    double idio_bps;
    sim::Truth truth = sim::Truth::none;
};

constexpr Decimal step(std::int64_t mantissa, std::int8_t scale) {
    return Decimal{.mantissa = mantissa, .scale = scale};
}

// By turnover. Prices and steps as on the venue in August 2024, when the recording was made.
constexpr std::array kRows = {
    Row{"SOL", step(1, 2), step(1, 1), 155.2, .60, .30, 1.25, 200, 5},
    Row{"XRP", step(1, 4), step(1, 0), .6012, .45, .25, .85, 300, 7},
    Row{"DOGE", step(1, 5), step(1, 0), .10431, .45, .20, 1.20, 300, 6},
    Row{"1000PEPE", step(1, 7), step(100, 0), .0082714, .40, .20, 1.60, 500, 9},
    Row{"BNB", step(1, 1), step(1, 2), 521.4, .30, .20, .75, 300, 4},
    Row{"SUI", step(1, 5), step(10, 0), .95213, .35, .15, 1.40, 2000, 8, sim::Truth::lagged},
    Row{"AVAX", step(1, 3), step(1, 1), 22.614, .30, .15, 1.80, 0, 6, sim::Truth::in_step},
    Row{"LINK", step(1, 3), step(1, 1), 10.482, .30, .12, 1.10, 400, 6},
    Row{"ADA", step(1, 4), step(1, 0), .3418, .30, .12, 1.05, 400, 5},
    Row{"TON", step(1, 4), step(1, 1), 6.3122, .28, .12, .90, 800, 7},
    Row{"NEAR", step(1, 3), step(1, 1), 4.021, .28, .10, 1.45, 600, 8, sim::Truth::flow},
    Row{"WIF", step(1, 4), step(1, 0), 1.7426, .30, .10, 1.75, 700, 11, sim::Truth::whale},
    Row{"LTC", step(1, 2), step(1, 1), 61.24, .25, .10, 0, 0, 7, sim::Truth::no_edge},
    Row{"BCH", step(5, 2), step(1, 2), 349.35, .22, .10, .95, 500, 6},
    Row{"DOT", step(1, 3), step(1, 1), 4.713, .24, .08, 1.15, 600, 6},
    Row{"APT", step(5, 4), step(1, 2), 6.4215, .24, .08, 1.35, 700, 8, sim::Truth::absorption},
    Row{"UNI", step(1, 3), step(1, 1), 6.318, .22, .08, 1.10, 600, 7},
    Row{"AAVE", step(1, 2), step(1, 2), 98.41, .22, .08, 1.20, 500, 8},
    Row{"FIL", step(1, 3), step(1, 1), 3.742, .20, .07, 1.20, 800, 7, sim::Truth::iceberg},
    Row{"ETC", step(1, 3), step(1, 1), 19.318, .20, .07, 1.00, 700, 6},
    Row{"INJ", step(1, 3), step(1, 1), 19.206, .20, .07, 1.50, 700, 9, sim::Truth::spoof},
    Row{"OP", step(1, 4), step(1, 1), 1.4472, .20, .06, 1.45, 700, 8},
    Row{"ARB", step(1, 4), step(1, 1), .5781, .20, .06, 1.40, 700, 7},
    Row{"1000SHIB", step(1, 6), step(10, 0), .014012, .20, .06, 1.15, 600, 6},
    Row{"TRX", step(1, 5), step(1, 0), .12713, .18, .06, .35, 900, 5, sim::Truth::reverting},
    Row{"ATOM", step(1, 3), step(1, 1), 5.412, .18, .05, 1.10, 800, 6, sim::Truth::thin},
    Row{"TIA", step(1, 3), step(1, 1), 5.308, .18, .05, 1.55, 900, 10, sim::Truth::cascade},
    Row{"SEI", step(1, 5), step(1, 0), .30214, .18, .05, 1.50, 900, 9, sim::Truth::crowded},
    Row{"RUNE", step(1, 3), step(1, 1), 4.218, .16, .05, 1.40, 900, 9, sim::Truth::quadrants},
    Row{"ORDI", step(5, 3), step(1, 2), 31.205, .16, .05, 1.65, 900, 11, sim::Truth::wall},
    Row{"STX", step(1, 4), step(1, 1), 1.6142, .16, .04, 1.30, 1000, 9, sim::Truth::beta_break},
    Row{"FTM", step(1, 4), step(1, 0), .3612, .16, .04, 1.45, 1000, 9},
};

}  // namespace

std::vector<sim::SymbolParams> recorded_symbols() {
    sim::SymbolParams bitcoin = sim::bitcoin_like();
    bitcoin.idio_bps = 0;  // it is the factor: its history is the factor's
    const sim::SymbolParams ether{.symbol = "ETHUSDT",
                                  .base = "ETH",
                                  .tick_size = step(1, 2),
                                  .lot_size = step(1, 2),
                                  .price = 2680,
                                  .beta = 1.15,
                                  .idio_bps = 4};
    return {bitcoin, ether};
}

std::vector<RecordedAs> recorded_as() {
    return {{.recorded_symbol = "btcusdt", .tick_size = step(1, 1), .lot_size = step(1, 3)},
            {.recorded_symbol = "ethusdt", .tick_size = step(1, 2), .lot_size = step(1, 2)}};
}

std::vector<sim::SymbolParams> generated_symbols() {
    std::vector<sim::SymbolParams> symbols;
    for (const Row& row : kRows) {
        sim::SymbolParams symbol{.symbol = std::string(row.base) + "USDT",
                                 .base = row.base,
                                 .tick_size = row.tick,
                                 .lot_size = row.lot,
                                 .price = row.price,
                                 .activity = row.activity,
                                 .size_scale = row.size,
                                 .beta = row.beta,
                                 .lag = std::chrono::milliseconds{row.lag_ms},
                                 .idio_bps = row.idio_bps};
        symbols.push_back(sim::with_truth(symbol, row.truth));
    }
    return symbols;
}

std::vector<sim::SymbolParams> generated_symbols(std::size_t count) {
    std::vector<sim::SymbolParams> symbols = generated_symbols();
    const std::vector<sim::SymbolParams> patterns = symbols;
    for (std::size_t i = 0; symbols.size() < count; ++i) {
        sim::SymbolParams copy = patterns[i % patterns.size()];
        if (copy.truth != sim::Truth::none) continue;
        std::string number = std::to_string(symbols.size() + 1);
        copy.base = "DEMO" + std::string(3 - std::min<std::size_t>(3, number.size()), '0') + number;
        copy.symbol = copy.base + "USDT";
        symbols.push_back(std::move(copy));
    }
    symbols.resize(std::min(count, symbols.size()));
    return symbols;
}

}  // namespace vt::demo

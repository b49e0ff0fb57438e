#include "alpha/params.hpp"

#include <algorithm>

namespace vt::alpha {

std::optional<Mode> mode_named(std::string_view text) {
    const auto found = std::ranges::find(kModeNames, text);
    if (found == kModeNames.end()) return std::nullopt;
    return static_cast<Mode>(found - kModeNames.begin());
}

std::vector<Sector> usual_sectors() {
    return {
        {.name = "layer_1",
         .coins = {"ETH",  "SOL", "BNB", "ADA", "AVAX", "TRX", "TON",  "SUI",  "APT", "NEAR", "DOT",
                   "ATOM", "SEI", "INJ", "TIA", "FTM",  "S",   "HBAR", "ALGO", "ICP", "KAS"}},
        {.name = "layer_2", .coins = {"ARB", "OP", "POL", "MATIC", "STRK", "ZK", "IMX", "MNT", "STX", "METIS"}},
        {.name = "finance",
         .coins = {"UNI", "AAVE", "MKR", "LDO", "CRV", "COMP", "SNX", "PENDLE", "ENA", "JUP", "DYDX", "GMX", "RUNE",
                   "CAKE", "SUSHI"}},
        {.name = "payment", .coins = {"XRP", "XLM", "LTC", "BCH", "ETC", "DASH", "ZEC", "XMR"}},
        {.name = "meme",
         .coins = {"DOGE", "SHIB", "PEPE", "WIF", "BONK", "FLOKI", "POPCAT", "BOME", "TURBO", "BRETT", "PNUT"}},
        {.name = "artificial_intelligence", .coins = {"FET", "RENDER", "TAO", "WLD", "ARKM", "VIRTUAL", "AKT"}},
        {.name = "infrastructure", .coins = {"LINK", "FIL", "AR", "GRT", "PYTH", "STORJ", "HNT", "THETA"}},
        {.name = "gaming", .coins = {"AXS", "SAND", "MANA", "GALA", "RON", "BEAM", "PIXEL", "YGG", "APE"}},
    };
}

}  // namespace vt::alpha

#include "risk/kelly.hpp"

#include <algorithm>

namespace vt::risk {

double binary_kelly(double probability, double payoff) { return probability - (1 - probability) / payoff; }

double edge_shrinkage(double edge, double standard_error) {
    if (!(edge > 0)) return 0;
    return edge * edge / (edge * edge + standard_error * standard_error);
}

double kelly_share(const WinChance& chance, double fraction) {
    const double edge = (chance.payoff + 1) * chance.probability - 1;
    const double shrinkage = edge_shrinkage(edge, (chance.payoff + 1) * chance.standard_error);
    return std::max(0.0, fraction * shrinkage * binary_kelly(chance.low, chance.payoff));
}

}  // namespace vt::risk

#pragma once

namespace vt::risk {

/// What calibration knows of a trade's chance to win.
struct WinChance {
    double probability = 0;     ///< 0..1
    double low = 0;             ///< lower end of its interval
    double standard_error = 0;  ///< of the probability
    double payoff = 0;          ///< net gain of a win, in units of the net loss of a loss; positive
};

/// The share of the equity to risk for which it grows fastest, when a win brings `payoff` times what is risked.
///   out: negative or 0: no bet
///   source: Kelly 1956
[[nodiscard]] double binary_kelly(double probability, double payoff);

/// What an estimated edge is worth, since it was estimated: edge^2 / (edge^2 + error^2).
///   out:    0..1; 0 without an edge
///   source: Baker and McHale 2013, for the edge per unit risked
[[nodiscard]] double edge_shrinkage(double edge, double standard_error);

/// The share to risk: `fraction` of Kelly's at the lower bound of the probability, shrunk.
///   out: 0 where the lower bound has no edge
[[nodiscard]] double kelly_share(const WinChance& chance, double fraction);

}  // namespace vt::risk

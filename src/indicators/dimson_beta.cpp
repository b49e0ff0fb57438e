#include "indicators/dimson_beta.hpp"

#include "base/assert.hpp"

#include <algorithm>
#include <cmath>

namespace vt::indicators {
namespace {

constexpr std::size_t kSlopes = 3;
using Vector = std::array<double, kSlopes>;
using Matrix = std::array<Vector, kSlopes>;

/// The lower triangle L of L L' = m. out: absent where m is not positive definite beyond rounding
std::optional<Matrix> cholesky(const Matrix& m) {
    constexpr double kRounding = 1e-12;
    Matrix lower{};
    for (std::size_t i = 0; i < kSlopes; ++i) {
        for (std::size_t j = 0; j <= i; ++j) {
            double rest = m[i][j];
            for (std::size_t k = 0; k < j; ++k) rest -= lower[i][k] * lower[j][k];
            if (i != j) {
                lower[i][j] = rest / lower[j][j];
            } else if (rest > m[i][i] * kRounding) {
                lower[i][i] = std::sqrt(rest);
            } else {
                return std::nullopt;
            }
        }
    }
    return lower;
}

/// The solution of L L' z = b.
Vector solve(const Matrix& lower, Vector b) {
    for (std::size_t i = 0; i < kSlopes; ++i) {
        for (std::size_t k = 0; k < i; ++k) b[i] -= lower[i][k] * b[k];
        b[i] /= lower[i][i];
    }
    for (std::size_t i = kSlopes; i-- > 0;) {
        for (std::size_t k = i + 1; k < kSlopes; ++k) b[i] -= lower[k][i] * b[k];
        b[i] /= lower[i][i];
    }
    return b;
}

}  // namespace

std::optional<DimsonBeta> dimson(std::span<const double> x, std::span<const double> y) {
    VT_ASSERT(x.size() == y.size());
    if (x.size() < 7) return std::nullopt;
    const std::size_t n = x.size() - 2;
    Vector mean{};
    double mean_y = 0;
    for (std::size_t t = 0; t < n; ++t) {
        for (std::size_t k = 0; k < kSlopes; ++k) mean[k] += x[t + k];
        mean_y += y[t + 1];
    }
    for (double& value : mean) value /= static_cast<double>(n);
    mean_y /= static_cast<double>(n);

    Matrix squares{};
    Vector with_y{};
    for (std::size_t t = 0; t < n; ++t) {
        for (std::size_t i = 0; i < kSlopes; ++i) {
            for (std::size_t j = 0; j <= i; ++j) squares[i][j] += (x[t + i] - mean[i]) * (x[t + j] - mean[j]);
            with_y[i] += (x[t + i] - mean[i]) * (y[t + 1] - mean_y);
        }
    }
    const auto lower = cholesky(squares);
    if (!lower) return std::nullopt;
    DimsonBeta found{.slopes = solve(*lower, with_y), .n = n};
    found.intercept = mean_y;
    for (std::size_t k = 0; k < kSlopes; ++k) {
        found.beta += found.slopes[k];
        found.intercept -= found.slopes[k] * mean[k];
    }
    double residual_squares = 0;
    for (std::size_t t = 0; t < n; ++t) {
        double residual = y[t + 1] - found.intercept;
        for (std::size_t k = 0; k < kSlopes; ++k) residual -= found.slopes[k] * x[t + k];
        residual_squares += residual * residual;
    }
    // The variance of the sum is s^2 1'(X'X)^-1 1.
    const Vector ones = solve(*lower, {1, 1, 1});
    const double spread = std::max(0.0, ones[0] + ones[1] + ones[2]);
    found.error = std::sqrt(residual_squares / static_cast<double>(n - 1 - kSlopes) * spread);
    return found;
}

}  // namespace vt::indicators

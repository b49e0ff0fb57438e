// Answers questions on standard input with the figures of src/statistics, so that another library's can be held
// beside them: a line "what number number ..." is answered by a line of numbers. Lists are preceded by their length.
#include "statistics/beta_distribution.hpp"
#include "statistics/binomial.hpp"
#include "statistics/isotonic.hpp"
#include "statistics/moments.hpp"
#include "statistics/multiple_tests.hpp"
#include "statistics/newey_west.hpp"
#include "statistics/normal.hpp"
#include "statistics/platt.hpp"
#include "statistics/probability_scores.hpp"
#include "statistics/quantiles.hpp"
#include "statistics/wilson.hpp"

#include <cstdio>
#include <functional>
#include <iostream>
#include <map>
#include <optional>
#include <span>
#include <sstream>
#include <string>
#include <vector>

namespace {

using namespace vt::statistics;
using Numbers = std::vector<double>;

/// The numbers of a question, taken from the front.
class Arguments {
public:
    explicit Arguments(std::istream& in) {
        for (double value = 0; in >> value;) values_.push_back(value);
    }
    double next() { return values_.at(at_++); }
    std::size_t size() { return static_cast<std::size_t>(next()); }
    Numbers list(std::size_t n) {
        Numbers found;
        for (std::size_t i = 0; i < n; ++i) found.push_back(next());
        return found;
    }
    Numbers list() { return list(size()); }

private:
    Numbers values_;
    std::size_t at_ = 0;
};

std::vector<Observation> observations(Arguments& from) {
    const std::size_t n = from.size();
    const auto x = from.list(n), y = from.list(n), weight = from.list(n);
    std::vector<Observation> found;
    for (std::size_t i = 0; i < n; ++i) found.push_back({x[i], y[i], weight[i]});
    return found;
}

std::vector<Forecast> forecasts(Arguments& from) {
    std::vector<Forecast> found;
    for (const auto& [x, y, weight] : observations(from)) found.push_back({x, y, weight});
    return found;
}

Numbers of(const Interval& interval) { return {interval.lower, interval.upper}; }
Numbers of(const std::optional<LogisticFit>& fit) { return {fit.value().slope, fit.value().intercept}; }

Numbers isotonic(Arguments& from) {
    const auto all = observations(from);  // ascending in x
    const auto blocks = fit_isotonic(all);
    Numbers found;
    for (const Observation& one : all) found.push_back(isotonic_value(blocks, one.x));
    return found;
}

Numbers corrected(Arguments& from, void (*correct)(std::span<double>, std::vector<std::size_t>&)) {
    Numbers p = from.list();
    std::vector<std::size_t> order;
    correct(p, order);
    return p;
}

Numbers of_moments(Arguments& from) {
    const auto found = moments(from.list()).value();
    return {found.mean, found.sd, found.skewness, found.kurtosis};
}

Numbers of_quartiles(Arguments& from) {
    Numbers values = from.list();
    const auto found = quartiles(values).value();
    return {found.lower, found.median, found.upper};
}

Numbers of_newey_west(Arguments& from) {
    const std::size_t lags = from.size();
    const auto found = newey_west_mean(from.list(), lags).value();
    return {found.mean, found.standard_error, found.t};
}

Numbers of_platt(Arguments& from) {
    const auto found = fit_platt(observations(from)).value();
    return {found.a, found.b};
}

/// Three numbers of one question: evaluated in order.
template <class Function>
Numbers of_three(Arguments& from, Function&& function) {
    const double a = from.next(), b = from.next(), c = from.next();
    return function(a, b, c);
}

const std::map<std::string, std::function<Numbers(Arguments&)>> kFigures{
    {"normal_cdf", [](Arguments& from) { return Numbers{normal_cdf(from.next())}; }},
    {"normal_quantile", [](Arguments& from) { return Numbers{normal_quantile(from.next())}; }},
    {"beta_cdf", [](Arguments& from) {
         return of_three(from, [](double a, double b, double x) { return Numbers{beta_cdf(a, b, x)}; });
     }},
    {"beta_quantile", [](Arguments& from) {
         return of_three(from, [](double a, double b, double p) { return Numbers{beta_quantile(a, b, p)}; });
     }},
    {"binomial_tail", [](Arguments& from) {
         return of_three(from, [](double k, double n, double p) { return Numbers{binomial_upper_tail(k, n, p)}; });
     }},
    {"clopper_pearson", [](Arguments& from) {
         return of_three(from, [](double k, double n, double c) { return of(clopper_pearson(k, n, c)); });
     }},
    {"wilson", [](Arguments& from) {
         return of_three(from, [](double k, double n, double z) { return of(wilson_interval(k, n, z)); });
     }},
    {"moments", of_moments},
    {"quartiles", of_quartiles},
    {"newey_west", of_newey_west},
    {"fdr_bh", [](Arguments& from) { return corrected(from, benjamini_hochberg); }},
    {"fdr_by", [](Arguments& from) { return corrected(from, benjamini_yekutieli); }},
    {"holm", [](Arguments& from) { return corrected(from, holm); }},
    {"isotonic", isotonic},
    {"platt", of_platt},
    {"logistic", [](Arguments& from) { return of(fit_logistic(observations(from))); }},
    {"calibration_line", [](Arguments& from) { return of(calibration_line(forecasts(from))); }},
    {"brier", [](Arguments& from) { return Numbers{brier_score(forecasts(from)).value()}; }},
    {"log_loss", [](Arguments& from) { return Numbers{log_loss(forecasts(from)).value()}; }},
    {"area_under_curve", [](Arguments& from) { return Numbers{area_under_curve(forecasts(from)).value()}; }},
};

}  // namespace

int main() {
    for (std::string line; std::getline(std::cin, line);) {
        std::istringstream in(line);
        std::string what;
        in >> what;
        const auto figure = kFigures.find(what);
        if (figure == kFigures.end()) {
            std::fprintf(stderr, "statistics_figures: unknown figure '%s'\n", what.c_str());
            return 2;
        }
        Arguments arguments(in);
        for (const double value : figure->second(arguments)) std::printf("%.17g ", value);
        std::printf("\n");
    }
}

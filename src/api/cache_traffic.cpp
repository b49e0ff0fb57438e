#include "api/cache_traffic.hpp"

#include <algorithm>

namespace vt::api {

std::string_view source_name(cache::Source source) {
    switch (source) {
        case cache::Source::memory: return "l1";
        case cache::Source::second: return "l2";
        case cache::Source::third: return "l3";
        case cache::Source::origin: return "origin";
    }
    return "origin";
}

std::uint64_t CacheTraffic::Traffic::answers() const {
    std::uint64_t sum = 0;
    for (const Served& served : by_source) sum += served.answers;
    return sum;
}

void CacheTraffic::count(const std::string& route, cache::Source source, Nanos taken, Nanos age) {
    std::unique_ptr<Traffic>& of_route = by_route_[route];
    if (!of_route) of_route = std::make_unique<Traffic>();
    for (Traffic* traffic : {&all_, of_route.get()}) {
        Served& served = traffic->by_source[index_of(source)];
        ++served.answers;
        served.oldest = std::max(served.oldest, age);
        served.taken.add(taken);
        served.age.add(age);
    }
}

std::optional<double> CacheTraffic::LookUps::hit_rate() const {
    if (hits + misses == 0) return std::nullopt;
    return static_cast<double>(hits) / static_cast<double>(hits + misses);
}

CacheTraffic::LookUps CacheTraffic::look_ups(cache::Source tier) const {
    LookUps found;
    for (std::size_t i = index_of(tier); i < kSources; ++i) {
        const std::uint64_t answers = all_.by_source[i].answers;
        (i == index_of(tier) ? found.hits : found.misses) += answers;
    }
    found.misses += failures_;  // no tier had what then could not be computed
    return found;
}

}  // namespace vt::api

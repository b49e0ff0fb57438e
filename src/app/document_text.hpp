#pragma once

#include "base/result.hpp"

#include <simdjson.h>

#include <string>
#include <utility>

namespace vt::app {

/// A value of one of the running program's JSON answers, or a member that is not there.
class Value {
public:
    Value(simdjson::dom::element value) : found_(std::move(value)) {}
    Value(simdjson::simdjson_result<simdjson::dom::element> found) : found_(std::move(found)) {}
    template <class T>
    [[nodiscard]] simdjson::error_code get(T& out) const {
        auto found = found_;
        return found.get(out);
    }

private:
    simdjson::simdjson_result<simdjson::dom::element> found_;
};

/// Values as people read them; "-" where one is null, missing or of another kind.
[[nodiscard]] std::string text_of(const Value& value, const char* unknown = "-");
/// in: digits: after the point
[[nodiscard]] std::string number_of(const Value& value, int digits);
/// With its sign, a plus too.
[[nodiscard]] std::string signed_of(const Value& value, int digits);
/// Eight digits in all, as few as tell it.
[[nodiscard]] std::string price_of(const Value& value);
/// "2026-01-31 23:59", of milliseconds since 1970, UTC.
[[nodiscard]] std::string minute_of(const Value& value);

/// What to say where the running program's answer cannot be read.
[[nodiscard]] Error unknown_form(const simdjson::simdjson_error& error);

}  // namespace vt::app

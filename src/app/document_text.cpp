#include "app/document_text.hpp"

#include <cstdio>
#include <ctime>
#include <string_view>

namespace vt::app {
namespace {

constexpr const char* kUnknown = "-";

}  // namespace

std::string text_of(const Value& value, const char* unknown) {
    std::string_view text;
    return value.get(text) == simdjson::SUCCESS ? std::string(text) : unknown;
}

std::string number_of(const Value& value, int digits) {
    double number = 0;
    if (value.get(number) != simdjson::SUCCESS) return kUnknown;
    char text[64];
    std::snprintf(text, sizeof text, "%.*f", digits, number);
    return text;
}

std::string signed_of(const Value& value, int digits) {
    double number = 0;
    if (value.get(number) != simdjson::SUCCESS) return kUnknown;
    char text[64];
    std::snprintf(text, sizeof text, "%+.*f", digits, number);
    return text;
}

std::string price_of(const Value& value) {
    double number = 0;
    if (value.get(number) != simdjson::SUCCESS) return kUnknown;
    char text[64];
    std::snprintf(text, sizeof text, "%.8g", number);
    return text;
}

std::string minute_of(const Value& value) {
    std::int64_t ms = 0;
    if (value.get(ms) != simdjson::SUCCESS) return kUnknown;
    const std::time_t seconds = ms / 1000;
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    char text[32];
    std::strftime(text, sizeof text, "%Y-%m-%d %H:%M", &parts);
    return text;
}

Error unknown_form(const simdjson::simdjson_error& error) {
    return {Errc::unsupported,
            "the running program answers in a form that this version does not know: " + std::string(error.what())};
}

}  // namespace vt::app

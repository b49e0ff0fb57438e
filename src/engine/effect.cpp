#include "engine/effect.hpp"

#include "alerts/occurrence_json.hpp"
#include "desk/output_json.hpp"

namespace vt::engine {
namespace {

class EffectWriter {
public:
    EffectWriter(JsonWriter& out, const market::InstrumentDirectory& instruments)
        : out_(out), instruments_(instruments) {}

    void operator()(const exchange::Connect& connect) {
        begin("connect").field("connection", connect.connection.value()).field("site", exchange::name(connect.site));
        out_.field("path", connect.path).field("attempt", connect.attempt);
    }
    void operator()(const exchange::Disconnect& disconnect) {
        begin("disconnect").field("connection", disconnect.connection.value()).field("reason", disconnect.reason);
    }
    void operator()(const exchange::SendText& send) {
        begin("send").field("connection", send.connection.value()).field("text", send.text);
    }
    void operator()(const exchange::HttpGet& get) {
        begin("get").field("request", get.request.value()).field("site", exchange::name(get.site));
        out_.field("target", get.target).field("not_before_ns", to_ns(get.not_before));
        out_.field("priority", exchange::name(get.priority)).field("weight", get.weight);
    }
    void operator()(const exchange::Listed& listed) {
        const market::Instrument& instrument = listed.instrument;
        begin("listed").field("id", instrument.path_id()).field("symbol", instrument.unified_symbol());
        out_.field("tick_size", instrument.tick_size.to_string()).field("lot_size", instrument.lot_size.to_string());
        out_.field("is_trading", instrument.is_trading());
    }
    void operator()(const exchange::StreamChanged& change) {
        begin("stream")
            .field("id", instruments_[change.instrument].path_id())
            .field("stream", market::name(change.stream));
        out_.field("state", exchange::name(change.state)).field("reason", change.reason);
    }
    void operator()(const exchange::Rejected& rejected) {
        begin("rejected").field("source", rejected.source).field("what", rejected.what);
    }
    void operator()(const InputsLost& lost) { begin("inputs_lost").field("count", lost.count); }
    void operator()(const Scored& scored) {
        begin("score").key("record");
        confluence::write_record(out_, *scored.record, instruments_[scored.instrument]);
    }
    void operator()(const Signalled& signalled) {
        const signals::SignalChange& change = *signalled.change;
        begin("signal").field("change", signals::name(change.change)).field("at", to_ms(change.at)).key("signal");
        signals::write_signal(out_, change.signal, instruments_[signalled.instrument]);
    }
    void operator()(const Traded& traded) {
        begin("trading").field("at", to_ms(traded.step->at)).key("said").begin_array();
        for (const desk::Output& output : traded.step->outputs) desk::write_output(out_, output, instruments_);
        out_.end_array();
    }
    void operator()(const TradingAnswered& answer) {
        begin("trading_answered").field("number", answer.number);
        out_.field("refusal", answer.refusal ? std::optional(answer.refusal->what) : std::nullopt);
        out_.field("mode", answer.mode ? std::optional(risk::name(*answer.mode)) : std::nullopt);
    }
    void operator()(const Noticed& noticed) {
        begin("noticed").key("occurrence");
        alerts::write_occurrence(out_, *noticed.occurrence);
    }
    void operator()(const MinuteClosed& closed) {
        begin("minute").key("features");
        analysis::write_row(out_, *closed.features, instruments_[closed.instrument]);
    }

private:
    JsonWriter& begin(std::string_view kind) { return out_.begin_object().field("effect", kind); }

    JsonWriter& out_;
    const market::InstrumentDirectory& instruments_;
};

}  // namespace

void write_effect(JsonWriter& out, const Effect& effect, const market::InstrumentDirectory& instruments) {
    EffectWriter writer(out, instruments);
    std::visit(writer, effect);
    out.end_object();
}

}  // namespace vt::engine

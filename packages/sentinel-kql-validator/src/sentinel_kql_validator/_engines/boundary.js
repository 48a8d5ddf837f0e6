// The only place where Python and Microsoft's analyser meet: one JSON text in, one JSON text out.
// Every fact leaves here as plain data with UTF-16 offsets; what it means is decided in Python, once for all engines.
var KqlBoundary = (function () {
  "use strict";
  const L = Kusto.Language, S = L.Symbols, X = L.Syntax, E = L.Editor;
  const NEVER = new L.Utils.CancellationToken();
  const LETTERS = { b: "bool", t: "datetime", n: "decimal", d: "dynamic", g: "guid", i: "int", l: "long", r: "real", s: "string", p: "timespan" };
  const STATES = 24; // global states kept, each a choice of names out of a schema
  const DEEPEST = 500; // the analyser stops understanding at about this depth

  // Lists of the library are JavaScript arrays or .NET lists by turns.
  const array = (list) => (list ? Bridge.toArray(list) : []);
  const names = (enumeration) => new Map(Object.entries(enumeration).filter(([, v]) => typeof v === "number").map(([k, v]) => [v, k]));
  const KIND = names(X.SyntaxKind), SYMBOL = names(S.SymbolKind), COMPLETION = names(E.CompletionKind);
  const kindOf = (node) => (node ? KIND.get(node.Kind) : undefined);
  const isa = (thing, type) => !!thing && Bridge.is(thing, type);
  const textOf = (node) => node.toString(X.IncludeTrivia.Interior).trim();

  function netList(items, type) {
    const list = new (System.Collections.Generic.List$1(type)).ctor();
    for (const item of items) list.add(item);
    return list;
  }

  // ---- schemas: symbols are made on first mention and kept -----------------------------------------------------

  const schemas = new Map();

  function schemaOf(id) {
    if (!schemas.has(id)) schemas.set(id, { symbols: new Map(), states: new Map() });
    return schemas.get(id);
  }

  function tableSymbol(name, line) {
    const columns = line === "" ? [] : line.split("\t").map((c) =>
      new S.ColumnSymbol(c.slice(0, -2), S.ScalarTypes.GetSymbol(LETTERS[c.slice(-1)]), null, null, null, null));
    return new S.TableSymbol.$ctor4(name, columns);
  }

  function functionSymbol(name, f) {
    const symbol = new S.FunctionSymbol.$ctor16(name, f.parameters, f.body, f.description || null);
    if (!f.open) return symbol;
    const anything = tableSymbol(name, f.columns).WithIsOpen(true);
    return new S.FunctionSymbol.$ctor5(name, anything, array(array(symbol.Signatures)[0].Parameters));
  }

  function define(id, tables, functions) {
    const schema = schemaOf(id);
    for (const name in tables) schema.symbols.set(name, tableSymbol(name, tables[name]));
    for (const name in functions) schema.symbols.set(name, functionSymbol(name, functions[name]));
  }

  // Functions through which Log Analytics reaches other places. Another workspace is taken to have this one's tables;
  // what an app, a cluster or the resource graph holds is not known here, so every name passes there.
  function withElsewhere(globals, database) {
    const anywhere = new S.DatabaseSymbol.$ctor1("elsewhere", [], true);
    const parameter = [new S.Parameter.$ctor2("name", S.ScalarTypes.String)];
    const more = ["workspace", "resource", "app", "adx", "arg"].map((name) =>
      new S.FunctionSymbol.$ctor5(name, name === "workspace" || name === "resource" ? database : anywhere, parameter));
    return globals.WithFunctions(netList(array(globals.Functions).concat(more), S.FunctionSymbol));
  }

  function globalsOf(request) {
    const schema = schemaOf(request.schema), key = [request.elsewhere, ...request.names].join("\n");
    let globals = schema.states.get(key);
    if (globals) schema.states.delete(key);
    else {
      const members = request.names.map((name) => schema.symbols.get(name));
      const database = new S.DatabaseSymbol.$ctor1("workspace", members, false);
      globals = L.GlobalState.Default;
      if (request.elsewhere) globals = withElsewhere(globals, database);
      globals = globals.WithDatabase(database);
    }
    schema.states.set(key, globals);
    if (schema.states.size > STATES) schema.states.delete(schema.states.keys().next().value);
    return globals;
  }

  // ---- plain forms of the library's objects ---------------------------------------------------------------------

  const diagnostic = (d) => ({
    code: d.Code, severity: d.Severity, category: d.Category,
    message: d.Message.toWellFormed(), // it may quote half of a character
    start: d.HasLocation ? d.Start : -1, length: d.HasLocation ? d.Length : 0,
  });
  const typeName = (type) => (type ? type.Name || SYMBOL.get(type.Kind) : null);
  const columnsOf = (type) => (isa(type, S.TableSymbol) ? array(type.Columns).map((c) => [c.Name, typeName(c.Type)]) : null);

  // An expression over constants as data, for Python to compute; `text` where it is something else.
  function valueOf(node, depth) {
    const kind = kindOf(node), again = (n) => valueOf(n, depth + 1), symbol = node.ReferencedSymbol;
    if (depth > 30) return { text: textOf(node) };
    if (kind === "ParenthesizedExpression") return again(node.Expression);
    if (kind === "NameReference" && isa(symbol, S.VariableSymbol) && symbol.Source) return again(symbol.Source);
    if (kind === "FunctionCallExpression")
      return { call: node.Name.SimpleName, of: array(node.ArgumentList.Expressions).map((e) => again(e.Element$1 || e)), text: textOf(node) };
    if (/^(Add|Subtract|Multiply|Divide)Expression$/.test(kind)) return { call: node.Operator.Text, of: [again(node.Left), again(node.Right)], text: textOf(node) };
    if (kind === "UnaryMinusExpression") return { call: "negate", of: [again(node.Expression)], text: textOf(node) };
    if (node.IsConstant && node.ConstantValue !== null && node.ConstantValue !== undefined) {
      const type = typeName(node.ResultType), value = Bridge.unbox(node.ConstantValue, true);
      if (type === "datetime") return value instanceof Date ? { type, ticks: System.DateTime.getTicks(value).toString(), text: textOf(node) } : { text: textOf(node) };
      if (type === "timespan") return isa(value, System.TimeSpan) ? { type, ticks: value.getTicks().toString(), text: textOf(node) } : { text: textOf(node) };
      return { type, value: typeof value === "object" ? value.toString() : value, text: textOf(node) };
    }
    return { text: textOf(node) };
  }

  // ---- facts ----------------------------------------------------------------------------------------------------

  // The tables and columns that a column was computed or copied from.
  function origins(column, globals, found, depth) {
    const table = globals.GetTable(column);
    if (table) found(table.Name, column.Name);
    else if (depth < 20) for (const from of array(column.OriginalColumns)) origins(from, globals, found, depth + 1);
  }

  const isTime = (node) => kindOf(node) === "NameReference" && node.SimpleName === "TimeGenerated";

  function timeFilter(node) {
    const kind = kindOf(node);
    if (kind === "BetweenExpression" && isTime(node.Left))
      return { operator: "between", column: node.Left.SimpleName, start: node.TextStart, text: textOf(node), values: [valueOf(node.Right.First, 0), valueOf(node.Right.Second, 0)] };
    if (!/^(GreaterThan|GreaterThanOrEqual|LessThan|LessThanOrEqual|Equal)Expression$/.test(kind)) return null;
    const flipped = !isTime(node.Left);
    if (flipped && !isTime(node.Right)) return null;
    const turned = { ">": "<", ">=": "<=", "<": ">", "<=": ">=" }, sign = node.Operator.Text;
    return { operator: flipped ? turned[sign] || sign : sign, column: "TimeGenerated", start: node.TextStart, text: textOf(node), values: [valueOf(flipped ? node.Left : node.Right, 0)] };
  }

  // Whether a column is the source's own TimeGenerated, as it was or passed on.
  function copies(column, original, depth) {
    if (!isa(column, S.ColumnSymbol) || !original || depth > 20) return false;
    return column === original || array(column.OriginalColumns).some((from) => copies(from, original, depth + 1));
  }

  // The time filters that a condition certainly applies: those joined by `and`.
  function certainFilters(condition, column, into) {
    const kind = kindOf(condition);
    if (kind === "AndExpression") { certainFilters(condition.Left, column, into); certainFilters(condition.Right, column, into); }
    else if (kind === "ParenthesizedExpression") certainFilters(condition.Expression, column, into);
    else if (kind) {
      const filter = timeFilter(condition);
      if (!filter) return;
      const name = kind === "BetweenExpression" || isTime(condition.Left) ? condition.Left : condition.Right;
      // Not `summarize TimeGenerated = max(TimeGenerated)`, which filters other rows than the source's.
      if (copies(name.ReferencedSymbol, column, 0)) into.push(filter);
    }
  }

  // Follow the rows of one source through the pipe, out of lets to where they are used, and collect its time filters.
  function follow(node, filters, scene, depth) {
    const parent = node.Parent, kind = kindOf(parent);
    const done = () => scene.found(filters);
    if (!parent || depth > 60 || scene.spent++ > 4000) return done();
    if (kind === "ParenthesizedExpression" || kind === "MaterializeExpression" || kind === "MaterializedViewCombineExpression")
      return follow(parent, filters, scene, depth + 1);
    if (kind === "PathExpression" && parent.Selector === node) return follow(parent, filters, scene, depth + 1);
    if (kind === "FunctionCallExpression" && parent.Name === node) return follow(parent, filters, scene, depth + 1);
    if (kind === "PipeExpression") {
      if (parent.Operator === node) return kindOf(node) === "UnionOperator" ? follow(parent, filters, scene, depth + 1) : done();
      const more = filters.slice();
      if (parent.Operator.Condition && /^(Filter|Search)Operator$/.test(kindOf(parent.Operator))) certainFilters(parent.Operator.Condition, scene.column, more);
      return follow(parent, more, scene, depth + 1);
    }
    if (/^(SeparatedElement|List|FindInClause|ExpressionList)$/.test(kind)) return follow(parent, filters, scene, depth + 1);
    if (kind === "UnionOperator") return follow(parent, filters, scene, depth + 1);
    if (kind === "SearchOperator" || kind === "FindOperator") {
      const more = filters.slice();
      if (parent.Condition) certainFilters(parent.Condition, scene.column, more);
      return follow(parent, more, scene, depth + 1);
    }
    if (kind === "LetStatement" || kind === "FunctionBody" && kindOf(parent.Parent) === "FunctionDeclaration") {
      const statement = kind === "LetStatement" ? parent : parent.Parent.Parent;
      if (kindOf(statement) !== "LetStatement") return done();
      for (const use of scene.uses(statement.Name.SimpleName)) if (use.TextStart > statement.TextStart) follow(use, filters, scene, depth + 1);
      return undefined;
    }
    return done();
  }

  function facts(code) {
    const globals = code.Globals, sources = [], references = new Map();
    const seen = { reads: {}, functions: {}, external: [], plugins: [], invokes: [], places: [], operators: [], options: [], skipped: [], times: [], render: null };
    const read = (table, column) => { const columns = (seen.reads[table] = seen.reads[table] || {}); if (column) columns[column] = 1; };
    const visited = new Set();
    function origin(f) {
      if (globals.GetPlugIn(f.Name) === f) return "plugin";
      if (globals.IsDatabaseFunction(f)) return "stored";
      if (globals.IsAggregateFunction(f)) return "aggregate";
      return globals.IsBuiltInFunction(f) ? "built-in" : "local";
    }
    function name(node, symbol, top) {
      if (isa(symbol, S.TableSymbol) && globals.IsDatabaseTable(symbol)) { read(symbol.Name); if (top) sources.push([symbol.Name, node]); }
      else if (isa(symbol, S.ColumnSymbol)) origins(symbol, globals, read, 0);
      else if (isa(symbol, S.GroupSymbol)) { for (const t of array(symbol.Members)) if (isa(t, S.TableSymbol)) read(t.Name); if (top) sources.push([textOf(node), node]); }
      else if (isa(symbol, S.FunctionSymbol)) {
        const from = origin(symbol);
        seen.functions[symbol.Name] = from;
        if (from === "stored" && top) sources.push([symbol.Name + "()", node]);
      } else if (isa(symbol, S.VariableSymbol) && top) {
        if (!references.has(symbol.Name)) references.set(symbol.Name, []);
        references.get(symbol.Name).push(node);
      }
      if (isa(symbol, S.FunctionSymbol) && top && seen.functions[symbol.Name] === "local") {
        if (!references.has(symbol.Name)) references.set(symbol.Name, []);
        references.get(symbol.Name).push(node);
      }
    }
    function visit(root, top, depth) {
      const stack = [root];
      while (stack.length) {
        const node = stack.pop(), kind = kindOf(node), symbol = node.ReferencedSymbol;
        if (kind === "NameReference" && symbol) name(node, symbol, top);
        const called = kind === "FunctionCallExpression" || kind === "NameReference" && isa(symbol, S.FunctionSymbol) && kindOf(node.Parent) !== "FunctionCallExpression";
        if (called && depth < 8) {
          const f = kind === "FunctionCallExpression" ? node.ReferencedSymbol : symbol;
          if (isa(f, S.FunctionSymbol) && globals.IsDatabaseFunction(f) && !visited.has(f.Name)) {
            const body = node.GetCalledFunctionBody();
            if (body) { visited.add(f.Name); visit(body, false, depth + 1); }
          }
        }
        if (kind === "FunctionCallExpression") {
          const called = node.Name.SimpleName, argument = array(node.ArgumentList.Expressions).map((e) => e.Element$1 || e);
          if (/^(cluster|database|workspace|app|adx|arg|resource|external_table|stored_query_result)$/.test(called))
            seen.places.push([called, argument.length ? String(argument[0].ConstantValue != null ? argument[0].ConstantValue : textOf(argument[0])) : ""]);
          if (called === "table" && isa(node.ResultType, S.TableSymbol) && globals.IsDatabaseTable(node.ResultType)) { read(node.ResultType.Name); if (top) sources.push([node.ResultType.Name, node]); }
        } else if (kind === "EvaluateOperator") seen.plugins.push(node.FunctionCall.Name.SimpleName);
        else if (kind === "InvokeOperator") seen.invokes.push(node.Function.Name ? node.Function.Name.SimpleName : textOf(node.Function));
        else if (kind === "ExternalDataExpression")
          for (const u of array(node.URIs)) { const e = u.Element$1 || u; seen.external.push(String(e.ConstantValue != null ? e.ConstantValue : textOf(e))); }
        else if (kind === "SkippedTokens" && top) seen.skipped.push([node.TextStart, node.Width]);
        else if (/^(Search|Find)Operator$/.test(kind) && !node.InClause && node.Parent.Operator !== node) {
          read("*"); // every table there is
          if (top) sources.push(["*", node]);
        }
        else if (kind === "RenderOperator" && top) seen.render = node.ChartType ? node.ChartType.Text : null;
        else if (kind === "SetOptionStatement" && top) seen.options.push(node.Name.SimpleName);
        if (top && isa(node, X.QueryOperator)) seen.operators.push([node.TextStart, kind]);
        if (top) { const filter = timeFilter(node); if (filter) seen.times.push(filter); }
        for (let i = node.ChildCount - 1; i >= 0; i--) { const child = node.GetChild(i); if (child && (child.ChildCount || kindOf(child) === "SkippedTokens")) stack.push(child); }
      }
    }
    visit(code.Syntax, true, 0);
    const accesses = [], uses = (n) => references.get(n) || [];
    for (const [table, node] of sources) {
      const call = kindOf(node.Parent) === "FunctionCallExpression" && node.Parent.Name === node ? node.Parent : node;
      const type = isa(call.ResultType, S.TableSymbol) ? call.ResultType : null;
      const column = type && array(type.Columns).find((c) => c.Name === "TimeGenerated");
      const scene = { column, uses, spent: 0, found: (filters) => accesses.push({ table, filters }) };
      const own = [];
      if (table === "*" && node.Condition) certainFilters(node.Condition, column, own);
      follow(node, own, scene, 0);
    }
    const statements = array(code.Syntax.Statements).map((e) => { const n = e.Element$1 || e; return [kindOf(n), n.TextStart, n.Width]; });
    seen.operators = seen.operators.sort((a, b) => a[0] - b[0]).map((x) => x[1]);
    for (const table in seen.reads) seen.reads[table] = Object.keys(seen.reads[table]).sort();
    return Object.assign(seen, { statements, accesses, columns: columnsOf(code.ResultType), open: isa(code.ResultType, S.TableSymbol) && code.ResultType.IsOpen });
  }

  // ---- the tree ---------------------------------------------------------------------------------------------------

  // The bound tree, one row a node in the order of the text: kind, role, start, width, parent's row, type, symbol,
  // constant, whether a token. Flat, since a deep tree as nested JSON would exhaust its reader.
  function tree(code) {
    const globals = code.Globals, rows = [], types = [], typeRows = new Map(), symbols = [], symbolRows = new Map();
    function typeRow(type) {
      if (!type) return -1;
      if (!typeRows.has(type)) {
        typeRows.set(type, types.length);
        types.push(isa(type, S.TableSymbol) ? { columns: columnsOf(type), open: !!type.IsOpen, table: globals.IsDatabaseTable(type) ? type.Name : null } : typeName(type));
      }
      return typeRows.get(type);
    }
    function symbolRow(symbol) {
      if (!symbol) return -1;
      if (!symbolRows.has(symbol)) {
        const table = isa(symbol, S.ColumnSymbol) ? globals.GetTable(symbol) : null;
        symbolRows.set(symbol, symbols.length);
        symbols.push([SYMBOL.get(symbol.Kind), symbol.Name, table ? table.Name : null]);
      }
      return symbolRows.get(symbol);
    }
    const stack = [[code.Syntax, -1, null]];
    while (stack.length) {
      const [node, parent, role] = stack.pop(), row = rows.length, expression = isa(node, X.Expression);
      let constant = null;
      if (expression && node.IsConstant) { const value = valueOf(node, 0); if ("ticks" in value || "value" in value) constant = { type: value.type, ticks: value.ticks, value: value.value, text: value.text }; }
      rows.push([kindOf(node), role, node.TextStart, node.Width, parent, expression ? typeRow(node.ResultType) : -1, symbolRow(node.ReferencedSymbol), constant, isa(node, X.SyntaxToken)]);
      for (let i = node.ChildCount - 1; i >= 0; i--) { const child = node.GetChild(i); if (child) stack.push([child, row, node.GetName(i) || null]); }
    }
    return { rows, types, symbols };
  }

  // ---- control commands, wherever they hide ---------------------------------------------------------------------

  function commandNames(text, globals) {
    const code = L.KustoCode.Parse(text, globals), found = [];
    if (code.Kind !== "Command") return found;
    const stack = [code.Syntax];
    while (stack.length) {
      const node = stack.pop();
      if (isa(node, X.Command) && kindOf(node) !== "CommandAndSkippedTokens") found.push(node.CommandKind || kindOf(node));
      else for (let i = 0; i < node.ChildCount; i++) { const child = node.GetChild(i); if (child && child.ChildCount) stack.push(child); }
    }
    return found;
  }

  // A command may follow a query after a line break: read as part of the query it is only an error. Look at every line
  // that begins with a dot outside strings and comments, and say which commands stand there.
  function commands(code, text, globals, broken) {
    const found = new Map();
    // Blanks within the line only: a pattern that may cross line ends takes minutes over many empty lines.
    const lines = /(?:^|[\r\n])[^\S\r\n]*\.(?=[^\S\r\n]*[A-Za-z])/g;
    if (text.search(lines) < 0) return [];
    if (code.Kind === "Command") found.set(code.Syntax.TextStart, commandNames(text, globals)[0] || "UnknownCommand");
    for (const match of text.matchAll(lines)) {
      const dot = match.index + match[0].length - 1, token = code.Syntax.GetTokenAt(dot);
      const inside = token && token.TextStart < dot && token.TextStart + token.Width > dot && kindOf(token) === "StringLiteralToken";
      const comment = token && token.TextStart > dot;
      if (found.has(dot) || inside || comment && !/SkippedTokens/.test(kindOf(token.Parent)) && commentBefore(text, token, dot)) continue;
      if (!broken && code.Kind === "Query") continue; // `a\n.b`, a path over two lines
      const name = commandNames(text.slice(dot), globals)[0];
      if (name && name !== "UnknownCommand") found.set(dot, name);
    }
    return Array.from(found).sort((a, b) => a[0] - b[0]);
  }

  function commentBefore(text, token, dot) {
    const line = text.slice(text.lastIndexOf("\n", dot) + 1, dot);
    return line.includes("//");
  }

  // ---- operations -----------------------------------------------------------------------------------------------

  function scopesAt(code, diagnostics) {
    const found = [], seen = new Set();
    for (const d of diagnostics) {
      if (!/^KS(142|204|211)$/.test(d.code) || seen.has(d.start) || found.length === 20) continue;
      seen.add(d.start);
      const local = S.SymbolMatch.Local | S.SymbolMatch.Function | S.SymbolMatch.Table;
      found.push({
        at: d.start, columns: (columnsOf(code.GetColumnsInScope(d.start)) || []).map((c) => c[0]),
        names: array(code.GetSymbolsInScope(d.start, local, L.IncludeFunctionKind.LocalFunctions)).filter((s) => !isa(s, S.TableSymbol) || !code.Globals.IsDatabaseTable(s)).map((s) => s.Name),
      });
    }
    return found;
  }

  const operations = {
    describe() {
      const g = L.GlobalState.Default, of = (list) => array(list).map((f) => f.Name);
      return { functions: of(g.Functions), aggregates: of(g.Aggregates), plugins: of(g.PlugIns) };
    },
    analyse(request) {
      const globals = globalsOf(request), text = request.text;
      let code, crash = null;
      try { code = L.KustoCode.ParseAndAnalyze(text, globals); }
      catch (error) { crash = String(error).split("\n")[0]; code = L.KustoCode.Parse(text, globals); }
      const diagnostics = array(code.GetDiagnostics()).map(diagnostic), deep = code.MaxDepth > DEEPEST;
      const broken = !!crash || diagnostics.some((d) => d.severity === "Error");
      const answer = { kind: code.Kind, crash, diagnostics, commands: commands(code, text, globals, broken) };
      if (deep || crash) return answer;
      if (request.advice) answer.advice = array(new E.KustoCodeService.ctor(code).GetAnalyzerDiagnostics(true)).map(diagnostic);
      answer.scopes = scopesAt(code, diagnostics);
      answer.facts = facts(code);
      if (request.tree) answer.tree = tree(code);
      return answer;
    },
  };

  // What the language service offers to change at some places of a text, each with the whole text as it would be.
  operations.fixes = function (request) {
    const service = new E.KustoCodeService.$ctor1(request.text, globalsOf(request)), options = E.CodeActionOptions.Default, found = [];
    for (const at of request.positions) {
      for (const offered of array(service.GetCodeActions(at, at, 0, options, true, null, NEVER).Actions)) {
        if (!offered.Title.startsWith("Change to ")) continue;
        // Where the same can be done at several places it is a menu: here, or everywhere at once.
        const action = offered.Actions ? array(offered.Actions).find((a) => a.Title === "Apply") : offered;
        const change = action && array(service.ApplyCodeAction(action, at, options, NEVER).Actions).find((a) => typeof a.ChangedText === "string");
        if (change) found.push({ at, title: offered.Title, text: change.ChangedText });
      }
    }
    return { fixes: found };
  };

  // ---- for editors ------------------------------------------------------------------------------------------------

  operations.complete = function (request) {
    const service = new E.KustoCodeService.$ctor1(request.text, globalsOf(request));
    const offered = service.GetCompletionItems(request.position, null, NEVER);
    return {
      start: offered.EditStart, length: offered.EditLength,
      items: array(offered.Items).map((i) => [typeof i.Kind === "number" ? COMPLETION.get(i.Kind) : String(i.Kind), i.DisplayText, i.BeforeText || "", i.AfterText || ""]),
    };
  };
  operations.hover = (request) => ({ text: new E.KustoCodeService.$ctor1(request.text, globalsOf(request)).GetQuickInfo(request.position, null, NEVER).Text });
  operations.format = function (request) {
    const style = E.FormattingOptions.Default.WithIndentationSize(request.indent).WithPipeOperatorStyle(E.PlacementStyle.NewLine);
    return { text: new E.KustoCodeService.$ctor1(request.text, globalsOf(request)).GetFormattedText(style, 0, NEVER).Text.replace(/\r\n/g, "\n") };
  };

  return {
    call(json) {
      const request = JSON.parse(json);
      try {
        for (const id of request.forget || []) schemas.delete(id);
        if (request.define) define(request.schema, request.define.tables, request.define.functions);
        return JSON.stringify(operations[request.op](request));
      } catch (error) {
        return JSON.stringify({ failure: String(error).split("\n")[0] });
      }
    },
  };
})();
